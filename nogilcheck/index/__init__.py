"""Package indexes: pages, core metadata, and the fetcher that works ahead of the walk."""
