"""The real window, driven from outside."""
