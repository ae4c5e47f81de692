"""The front matter of a file: where it stands, what it says, and what is wrong with it."""
