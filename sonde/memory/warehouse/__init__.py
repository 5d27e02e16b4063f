"""The warehouse: journals of many runs in one DuckDB file, for questions over all of them."""
