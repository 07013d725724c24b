"""What the listener thinks of songs, albums, artists and folders."""
