"""The machine itself: its clock, its processes, its memory, and events inside one process."""
