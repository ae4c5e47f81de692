"""Commands that find and show lessons."""
