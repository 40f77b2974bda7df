"""One module per format that articles can be exported to."""
