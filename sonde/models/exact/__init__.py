"""The exact reasoner: closed tables of facts, questions about them, Bayes without estimates."""
