"""The terminal: commands and screen, no logic."""
