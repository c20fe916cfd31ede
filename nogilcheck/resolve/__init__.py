"""Roots and a fetcher -> the graph that the twin installs."""
