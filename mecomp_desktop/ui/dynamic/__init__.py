"""Dynamic playlists: their list, their songs, and the builder of their queries."""
