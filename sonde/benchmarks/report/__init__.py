"""The report of benchmark runs: from attempts to figures, and from figures to a page."""
