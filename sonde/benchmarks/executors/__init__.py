"""Executors: where attempts are made. One protocol: specs in, finished attempts out."""
