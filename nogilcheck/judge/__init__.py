"""Pure: graphs and verdicts -> findings, paths, policy."""
