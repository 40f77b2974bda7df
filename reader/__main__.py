"""The way in: builds the parts, hands them over, and turns errors into exit codes."""

import sys


def main() -> int:
    """Run the command line in `sys.argv`; returns the exit code."""
    from reader import __version__

    sys.stdout.write(f"reader {__version__}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
