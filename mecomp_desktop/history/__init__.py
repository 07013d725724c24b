"""What was played and skipped, how often and when."""
