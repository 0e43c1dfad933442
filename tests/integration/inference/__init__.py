"""Real worker processes: every way to fail, and real models."""
