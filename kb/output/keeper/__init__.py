"""Prints what the keeper of a library reads: gaps, topics, what grew old, what is new."""
