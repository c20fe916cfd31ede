"""Plans and explanations as documents: JSON, a list of requirements; in which formats an explanation can be had."""
