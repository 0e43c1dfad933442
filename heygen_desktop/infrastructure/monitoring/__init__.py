"""Readings of CPU, memory, disk, network, GPU and workers, and their series."""
