"""Core metadata and file listings out of wheels and sdists."""
