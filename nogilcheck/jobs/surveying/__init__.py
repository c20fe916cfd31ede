"""What a survey is made of: its projects, one check, the engines that run them, and the results on disk."""
