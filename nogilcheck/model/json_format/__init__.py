"""JSON as the annotations of dataclasses declare it."""
