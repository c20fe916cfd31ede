"""Dependency graphs as DOT and Mermaid."""
