"""What a user can do: synchronous, thread-free, framework-free."""
