"""Measuring agents: scorers, suites, runs, reports."""
