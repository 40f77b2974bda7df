"""The SQLite cache: list rows, filters, full text."""
