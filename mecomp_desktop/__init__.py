"""MECOMP Desktop: a music player that knows what sounds alike."""

__version__ = "0.1.0"
