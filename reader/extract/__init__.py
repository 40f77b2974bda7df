"""Page bytes to Article: pure, in process; `services` runs it guarded for untrusted input."""
