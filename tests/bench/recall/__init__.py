"""How fast and how well things are found again, beside ripgrep and TinyDB's own query."""
