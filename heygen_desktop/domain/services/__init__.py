"""Rules that span several things."""
