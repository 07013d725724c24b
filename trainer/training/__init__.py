"""The one training loop, and what it is given: steps, losses, mining, stages, checkpoints."""
