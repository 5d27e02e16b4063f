"""The extractive reasoner: it retrieves, extracts and weighs, with no network and no key."""
