"""Playlists: what the listener keeps, in which order, and the files it comes from and goes to."""
