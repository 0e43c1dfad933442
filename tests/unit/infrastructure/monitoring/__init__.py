"""Readings of the machine and their series."""
