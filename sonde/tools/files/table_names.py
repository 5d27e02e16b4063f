"""Which files are tables that can be asked in SQL; nothing is loaded to tell."""

TABLES = (".csv", ".tsv", ".xlsx", ".parquet")
"""What the name of a table ends in."""
WITHOUT_TEXT = (".parquet",)
"""Those among them that hold no text to search."""
