"""Page of playlists: their list, the songs of one, and where songs are put into one."""
