"""Tests of what the fronts share."""
