"""Writers of files: the same content gives the same bytes, and no package is needed."""
