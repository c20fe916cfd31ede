"""Renders a `Report` in every output format. Pure."""
