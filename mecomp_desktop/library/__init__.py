"""From files on disk to tracks in the store."""
