"""Converts raw notes to a draft: their outline, their pieces, their title."""
