"""Gates: who hears what in a team, as arithmetic on links."""
