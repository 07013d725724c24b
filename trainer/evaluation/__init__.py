"""How good embeddings are: metrics, robustness, cost, comparison, pictures."""
