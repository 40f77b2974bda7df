"""Suggestions from the library: similar articles, duplicates, tags, review, statistics."""
