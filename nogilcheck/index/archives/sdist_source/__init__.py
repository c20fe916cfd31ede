"""What the source in an sdist says about the GIL: read in bounded pieces, never built."""
