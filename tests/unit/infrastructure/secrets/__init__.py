"""Tests of the room secrets."""
