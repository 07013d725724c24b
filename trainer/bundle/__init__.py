"""Training the model that comes with the program: artists, genres and moods at once."""
