"""The check-up: problems of a knowledge base, its index and this installation, and their remedies."""
