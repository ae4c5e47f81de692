"""Proposes front matter values from notes, for a person to confirm or delete."""
