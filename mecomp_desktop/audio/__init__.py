"""From any file to samples, and from samples to the sound card."""
