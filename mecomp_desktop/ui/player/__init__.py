"""The player's side of the window: what plays now, what plays next, and what is going on."""
