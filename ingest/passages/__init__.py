"""The passages of a lesson: splitting it, and the text of each passage that a reader sees."""
