"""Frozen values that the rooms exchange. No I/O, no policy."""
