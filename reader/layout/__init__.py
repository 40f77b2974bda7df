"""An article's text: Markdown to blocks, blocks to lines of a measure, no widget in sight."""
