"""The desktop around the window."""
