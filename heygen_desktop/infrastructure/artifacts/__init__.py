"""What a model's files are, read from their headers: no weight is read and no code is run."""
