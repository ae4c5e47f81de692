"""A library that somebody means harm with: its clones, its files, its index."""
