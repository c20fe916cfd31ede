"""What a reader returns, and what readers of documents share: typed values with their places, diagnostics."""
