"""The jobs: check, plan, why, scan, inspect. Each wires rooms together and returns a value."""
