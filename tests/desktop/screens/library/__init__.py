"""The library as widgets."""
