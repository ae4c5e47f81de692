"""Text analysis: how texts become terms, the same for lessons and queries."""
