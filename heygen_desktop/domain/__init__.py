"""Values and rules that would be true without a screen, a database or a GPU."""
