"""Draws the pictures of the README from the real program."""
