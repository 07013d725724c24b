"""A head for one listener: learned from quiz answers over stored summaries, without audio."""
