"""The terminal: what it can show, progress on it, and Ctrl-C."""
