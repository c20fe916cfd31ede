"""What a target gets of the files of one version. Pure."""
