"""The panel beside the list: what one model is, and what can be done with it."""
