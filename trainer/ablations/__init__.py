"""The experiments of both papers, run again: what they tried, and what came out here."""
