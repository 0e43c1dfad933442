"""The command line: one Application behind words typed into a terminal."""
