"""Dialogs over the screen, which return a value and change nothing."""
