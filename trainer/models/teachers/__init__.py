"""Tagging networks by others, to learn from: FCN, CRNN and two musicnns, read from plain arrays."""
