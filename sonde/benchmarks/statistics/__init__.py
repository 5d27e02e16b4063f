"""Statistics of benchmark runs: numbers in, numbers out."""
