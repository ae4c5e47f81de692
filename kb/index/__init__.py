"""The index on disk: its snapshots, the live one, and the writer lock."""
