"""The job that brings the index up to date: plan, next snapshot, and the record of each run."""
