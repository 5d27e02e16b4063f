"""Plain text analysis that memory, index and reader share, so that they agree on what a word is."""
