"""A folder of documents, brought up to date and searched by words."""
