"""The search for a change that makes a target ready."""
