"""Frozen values: compared by what they hold, checked when they are made."""
