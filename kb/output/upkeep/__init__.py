"""What the commands that keep an index print."""
