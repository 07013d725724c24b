"""Vectors to neighbours: exact search, graph, duplicates."""
