"""Self-contained HTML pages: of a report, a plan, and a comparison."""
