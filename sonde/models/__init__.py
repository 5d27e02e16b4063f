"""Two seams: `ChatModel` is the wire, `Reasoner` is what decides; and what implements them."""
