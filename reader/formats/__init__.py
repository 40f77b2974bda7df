"""Formats of other programs, one module each: bytes to model values and back."""
