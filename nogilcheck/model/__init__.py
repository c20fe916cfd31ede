"""Frozen values that the rooms hand to one another. No I/O, no policy."""
