"""Child processes that read unknown bytes: limits and protocol."""
