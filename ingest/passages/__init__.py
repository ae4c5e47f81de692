"""A lesson's passages: how it is split, and what a reader sees of each."""
