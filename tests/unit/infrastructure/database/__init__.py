"""The database's parts, each by itself."""
