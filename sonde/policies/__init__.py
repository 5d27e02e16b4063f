"""Pure mathematics of uncertainty: numbers in, numbers out."""
