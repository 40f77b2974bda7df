"""Selection of the article: which blocks of a page are its text."""
