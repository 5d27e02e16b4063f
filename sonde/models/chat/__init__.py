"""Decisions of a chat model: prompts, the text-tag protocol, a tolerant parser, probabilities."""
