"""Building blocks that every page shares."""
