"""Widgets: they know model values and messages only."""
