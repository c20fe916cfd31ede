"""Files and names -> roots, each with file and line."""
