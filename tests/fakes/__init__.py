"""Written fakes, one per port."""
