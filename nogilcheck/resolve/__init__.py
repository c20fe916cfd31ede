"""Requirements and an index -> the dependency graph of the regular build."""
