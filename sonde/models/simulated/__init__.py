"""A reasoner that plays a model with written-down faults; nothing of it was measured on a model."""
