"""Models that encode texts as vectors: found, exported, opened and run."""
