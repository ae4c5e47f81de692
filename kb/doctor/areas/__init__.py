"""The areas of a check-up, one module each."""
