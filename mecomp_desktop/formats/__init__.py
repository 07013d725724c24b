"""What containers say of themselves: kind, length, payload. No decoding."""
