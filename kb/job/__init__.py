"""The job that brings the index up to date: plan, next snapshot, proof, and the record of each run."""
