"""Draws for a terminal what the keeper of a library reads."""
