"""Measurements that print a ratio; not part of the quick suite."""
