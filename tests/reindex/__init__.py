"""The job that brings the index up to date: only what is needed is done, and nothing is ever lost."""
