"""What can be seen of the machine."""
