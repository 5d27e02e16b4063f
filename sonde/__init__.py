"""Agents that ask for what they do not know, and count what it costs."""
