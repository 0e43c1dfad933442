"""Running models in worker processes: this side starts, watches and stops them, and holds no torch."""
