"""What pip, uv and the project say about indexes and choice."""
