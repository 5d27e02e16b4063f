"""Suites: what is asked of agents, with its exact truth."""
