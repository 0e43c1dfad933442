"""Tests of the log screen."""
