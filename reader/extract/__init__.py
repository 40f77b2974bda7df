"""Page bytes to Article: pure, in process; `services` runs it guarded for untrusted input."""

from reader.extract.pipeline import extract, extract_plain, extract_timed

__all__ = ["extract", "extract_plain", "extract_timed"]
