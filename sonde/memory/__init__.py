"""What an agent remembers: workspace, evidence store, journal, and where they live."""
