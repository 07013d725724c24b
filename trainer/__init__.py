"""The trainer: from labelled music or a listener's judgments to a similarity model in one file."""
