"""Pure functions over texts: matches, snippets, sentences, summaries."""
