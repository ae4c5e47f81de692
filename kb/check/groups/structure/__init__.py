"""The rules on structure: what can be read of a lesson, and whether it keeps to the format."""
