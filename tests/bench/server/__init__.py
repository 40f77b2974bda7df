"""Measurements of `reader serve`."""
