"""Synchronisation of a library with object storage: journals, article folders, an inbox."""
