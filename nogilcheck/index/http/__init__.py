"""The HTTP client: credentials, redirects, retries, limits. Knows nothing of pages."""
