"""How fast the app draws: the text, the list, and the first byte of a start."""
