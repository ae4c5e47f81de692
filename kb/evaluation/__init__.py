"""Measuring how well an index answers."""
