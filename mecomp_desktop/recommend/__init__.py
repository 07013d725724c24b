"""What sounds alike: pure NumPy over vectors and metadata."""
