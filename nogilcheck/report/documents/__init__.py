"""Plans and explanations as JSON documents, and in which formats an explanation can be had."""
