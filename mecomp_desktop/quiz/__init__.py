"""Questions, answers, the listener's metric, fine-tuning, and the model registry."""
