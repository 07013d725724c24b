"""Plays, ratings, days and playlists from other players, and the listener's own in one file."""
