"""The runner: every task of a suite, every agent, every repetition, each exactly once."""
