"""Pure: Report -> text."""
