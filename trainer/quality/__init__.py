"""How good a model is for a listener: what it holds alike, what it stands, what it costs."""
