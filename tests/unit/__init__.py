"""Fast tests of one thing each; no torch, no Qt, no process."""
