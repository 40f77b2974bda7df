"""One module per program whose export can be imported."""
