"""Teams over a suite: recording runs to learn from, and calibrating a gate."""
