"""What the machine, or its container, gives to models: memory, processors and GPUs."""
