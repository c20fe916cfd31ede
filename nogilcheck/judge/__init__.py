"""Findings, chains and policy from graphs and verdicts. Pure."""
