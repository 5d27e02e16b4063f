"""Searching the web: one small adapter each provider, and the chain that tries them in turn."""
