"""Models that make vectors of texts: found, exported, opened and run."""
