"""What the use cases need of the outside, one protocol per file."""
