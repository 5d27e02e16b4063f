"""What a run costs: prices, ledger, budget."""
