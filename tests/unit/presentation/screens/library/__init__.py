"""The library, without Qt."""
