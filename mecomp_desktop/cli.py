"""The command line; opens the window when no command is given."""


def main() -> int:
    """Run the command line and return its exit code."""
    return 0
