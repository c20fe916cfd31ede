"""Ways out of a blocker: other releases, detours, and whose line is in the way."""
