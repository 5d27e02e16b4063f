"""Scorers: how an answer is judged against the truth, by exact rules or by a model."""
