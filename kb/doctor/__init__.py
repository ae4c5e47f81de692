"""The check-up: what is wrong with a knowledge base, its index and this installation, and what mends it."""
