"""The model that comes with the program, from music to file and card."""
