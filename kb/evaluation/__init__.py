"""Measures the retrieval quality of an index."""
