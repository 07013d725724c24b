"""From tracks to embeddings: excerpts, the model, worker processes, one run over the library."""
