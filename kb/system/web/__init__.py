"""Asks addresses on the web whether they are still there, and reaches nothing that is not public."""
