"""Change the user's files: the text of a file with some requirements changed, everything else as it stands."""
