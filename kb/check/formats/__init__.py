"""Output formats for findings that other programs read."""
