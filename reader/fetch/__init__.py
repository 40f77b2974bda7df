"""URL to bytes: the one place that opens connections."""
