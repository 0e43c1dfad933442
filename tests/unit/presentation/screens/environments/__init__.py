"""The environments screen, without Qt."""
