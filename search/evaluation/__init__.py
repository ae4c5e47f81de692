"""Measuring rankings: judgements, runs, measures and their significance."""
