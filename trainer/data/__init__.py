"""Datasets, labels, triplets and splits."""
