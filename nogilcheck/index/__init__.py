"""Simple API client: pages, the metadata ladder, the fetcher."""
