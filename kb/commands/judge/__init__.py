"""Commands that judge lessons and rankings."""
