"""The ranking: fusion of both indexes, the relevance of each lesson, and the sentences that are shown."""
