"""What can be done with settings and their environments."""
