"""The database as a file among processes, threads, full disks and damage."""
