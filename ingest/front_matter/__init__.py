"""The front matter of a file: its place, its values, and its errors."""
