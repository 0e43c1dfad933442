"""The settings of one environment, as a form made from the schema."""
