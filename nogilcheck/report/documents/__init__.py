"""Plans and explanations as documents: JSON, a list of requirements."""
