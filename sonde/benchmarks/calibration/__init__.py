"""Calibrating an agent on a suite: fresh episodes of its own, and what they let it promise."""
