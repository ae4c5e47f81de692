"""The catalogue of a snapshot: what is known of each lesson and its passages, in one SQLite file."""
