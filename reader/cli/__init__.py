"""The command line: argparse, plain text or --json, imports late."""
