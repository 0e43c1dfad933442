"""The window as a process of its own."""
