"""What to play next: seeds, plan, and the queue that goes on."""
