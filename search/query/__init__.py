"""Queries: parsed from what was typed, and expressed in the terms of an index."""
