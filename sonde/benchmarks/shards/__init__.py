"""Shards: questions whose facts are spread over a team, generated from a seed."""
