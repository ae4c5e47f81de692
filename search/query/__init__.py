"""A query: what was typed, taken apart and put in the words of an index."""
