"""State that pure Python code shares between threads, read from its syntax trees. Pure; imports nothing of it."""
