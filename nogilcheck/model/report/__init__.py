"""The report's values, and their JSON."""
