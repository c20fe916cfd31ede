"""Pure: files and a target -> a verdict."""
