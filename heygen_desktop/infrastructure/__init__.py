"""Ports made real; one folder per outside thing."""
