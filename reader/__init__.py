"""Saved web articles, kept and read in the terminal."""

__version__ = "0.1.0"
