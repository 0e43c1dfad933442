"""Tests of the readers against files that transformers wrote."""
