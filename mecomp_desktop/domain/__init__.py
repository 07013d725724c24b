"""The nouns and rules of a music player, in the standard library alone."""
