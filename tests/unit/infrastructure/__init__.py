"""Adapters, each against the outside thing it wraps or a small part of it."""
