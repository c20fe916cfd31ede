"""One requirement: its markers, extras and URLs."""
