"""Environments and wheels on disk."""
