"""Plain words that every floor speaks: messages, actions, evidence, beliefs, events, errors."""
