"""The index on disk: snapshots, which of them is live, and who may write."""
