"""Tests of the worker room: protocol, line, endings."""
