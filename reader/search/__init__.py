"""Finding again: the cache, search, tags, related articles, summaries."""
