"""Screens: what fills the terminal or lies over it."""
