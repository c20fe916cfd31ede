"""What a plan is made of: one project, its proof, what its lock's tool makes of it, and edits of files."""
