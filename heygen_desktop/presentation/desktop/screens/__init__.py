"""One folder per screen; no screen knows another."""
