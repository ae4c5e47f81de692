"""The ranking: both legs fused, how sure each lesson is, and the sentences that are shown."""
