"""What containers say of themselves: kind, length, payload. No decoding.

One file a container. Everything here reads a bounded part of a file, however the file lies: sizes
are cut to what there is, walks end after a fixed number of steps, and a range that would begin
behind the end of the file is empty.
"""
