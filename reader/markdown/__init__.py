"""The Markdown grammar shared by the app, the command line, exports and imports."""
