"""Teams of agents: who hears what is decided per message and round by a gate."""
