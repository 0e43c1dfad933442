"""The log: redaction, lines, writing, reading."""
