"""Tests of the commands, each through the whole command line on a fake application."""
