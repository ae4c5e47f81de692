"""The rules on structure: whether a lesson can be read, and conforms to the format."""
