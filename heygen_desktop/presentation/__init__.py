"""The fronts: window and command line; each sees the use cases and nothing behind them."""
