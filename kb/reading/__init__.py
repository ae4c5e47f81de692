"""Lessons on their way into the index: read, split into passages and analyzed, by several processes if many."""
