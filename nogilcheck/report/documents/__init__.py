"""Plans and explanations as JSON documents."""
