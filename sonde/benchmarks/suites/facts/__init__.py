"""Tables of facts, public and invented, and the pages that tell them."""
