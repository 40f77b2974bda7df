"""From bytes to one parsed page: content type, charset, containers, plain text, Markdown files."""
