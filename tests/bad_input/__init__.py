"""Input as it is found in the wild: each kind gets a clear line and the right exit code, and nothing else is lost."""
