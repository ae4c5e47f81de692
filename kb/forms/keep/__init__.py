"""What the commands print that keep a library and its index."""
