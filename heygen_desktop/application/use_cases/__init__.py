"""The use cases, by noun; one per file."""
