"""What an installer would choose on the regular build."""
