"""What the app and the trainer agree on: model file, answers file, evaluation."""
