"""Tests of what builds and ships the program."""
