"""From music to a model file and its card, and what the papers tried."""
