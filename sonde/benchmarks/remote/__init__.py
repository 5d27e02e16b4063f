"""Runs whose journals are kept behind a URL: a mirror on this machine, parts over there."""
