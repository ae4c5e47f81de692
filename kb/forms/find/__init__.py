"""What the commands print that find something."""
