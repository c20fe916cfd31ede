"""Locks are followed: their versions are taken as they stand."""
