"""Tests of the room files on the real machine."""
