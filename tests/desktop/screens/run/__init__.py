"""Tests of the window's screens."""
