"""The query language: a text, what it means, and which songs it finds."""
