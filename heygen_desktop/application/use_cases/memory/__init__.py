"""What can be done with models in memory."""
