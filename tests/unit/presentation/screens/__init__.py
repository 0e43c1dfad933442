"""Screen by screen."""
