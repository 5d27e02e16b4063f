"""Suites whose agent must ask: twenty questions, clarification, experiments; and who answers."""
