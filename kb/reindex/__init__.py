"""The job that updates the index: plan, next snapshot, and the record of each run."""
