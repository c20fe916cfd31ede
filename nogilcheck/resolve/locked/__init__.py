"""Locks, followed instead of solved."""
