"""Tests of the room secrets on the real machine."""
