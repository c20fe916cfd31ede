"""Simple API pages and find-links locations: read, kept, put together."""
