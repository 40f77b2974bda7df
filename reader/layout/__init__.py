"""Article layout: Markdown to blocks, and blocks to lines of a measure, without widgets."""
