"""Whole things, built from the written fakes, for tests of the fronts."""
