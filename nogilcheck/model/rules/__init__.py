"""Every rule: one record each, which holds all there is to say about it."""
