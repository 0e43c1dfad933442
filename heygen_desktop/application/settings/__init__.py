"""The one settings schema, and how its values are found in layers."""
