"""What the program does for itself."""
