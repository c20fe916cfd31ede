"""Formats that programs read: SARIF, JUnit, GitHub, GitLab, CSV, badges."""
