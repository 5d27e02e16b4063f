"""The web: addresses that may be reached, pages fetched within limits, and their text."""
