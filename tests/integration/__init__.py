"""Tests on real processes, files and databases."""
