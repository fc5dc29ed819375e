"""A whole quarter lived by simulated people, through the protocol alone."""
