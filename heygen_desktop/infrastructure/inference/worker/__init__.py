"""The worker process: everything below may use torch, nothing above may import it."""
