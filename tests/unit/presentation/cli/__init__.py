"""Tests of the parts of the command line that need no command."""
