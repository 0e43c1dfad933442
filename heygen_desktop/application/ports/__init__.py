"""What the use cases need of the outside, one file for each side of it."""
