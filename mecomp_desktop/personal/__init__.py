"""The listener's own ears: judgments, and a model that learns from them."""
