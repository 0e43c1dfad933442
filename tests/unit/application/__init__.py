"""Tests of the use cases, on written fakes."""
