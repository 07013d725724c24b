"""The listener's music: songs, albums, artists, covers, and the states before there is any."""
