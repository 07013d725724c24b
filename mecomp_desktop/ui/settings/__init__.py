"""The settings page, a file a section."""
