"""What can be done with the library."""
