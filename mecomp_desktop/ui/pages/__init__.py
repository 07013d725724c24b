"""The pages beside the music: activity, settings, and the list of shortcuts."""
