"""Widgets. They know model values and messages only."""
