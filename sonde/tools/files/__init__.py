"""Files that a person gives: where they may be, what is inside them, and tables in SQL."""
