"""The environments screen, with Qt."""
