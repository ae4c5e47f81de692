"""Shows the state of a library and of its index in a terminal."""
