"""The activity page: running work, and files that could not be read."""
