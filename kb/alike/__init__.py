"""Lessons that say nearly the same, and what each has that the others have not."""
