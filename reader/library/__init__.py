"""TinyDB on a journal, article folders, trash and undo: what is kept, and how."""
