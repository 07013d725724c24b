"""Listening: embeddings of tracks, and the index that finds their neighbours."""
