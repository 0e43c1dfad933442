"""Tests of what runs inside the worker, without torch."""
