"""One module per noun: the commands that a person types."""
