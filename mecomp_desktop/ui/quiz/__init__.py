"""The quiz: which two sound most alike, and what the program learns from it."""
