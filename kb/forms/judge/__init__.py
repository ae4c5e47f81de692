"""What the commands print that judge lessons and rankings."""
