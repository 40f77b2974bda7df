"""HTTP server for phones, e-readers and browser extensions: the only package with HTTP routes."""
