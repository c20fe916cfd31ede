"""Wheels, opened and analysed, and what is advised about those that turn the GIL on."""
