"""The page of what was played, liked and put away."""
