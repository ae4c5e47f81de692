"""The areas that a check-up looks at, one module each."""
