"""The structured log: written by one thread, redacted, rotated, and read back."""
