"""Page bytes to Article: pure, in process; `services` runs it guarded for untrusted input."""

from reader.extract.pipeline import extract, plain, timed

__all__ = ["extract", "plain", "timed"]
