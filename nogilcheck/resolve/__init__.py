"""Resolve the requirements for a build as pip would, or follow a lock, and plan changes."""
