"""The log with real files and several processes."""
