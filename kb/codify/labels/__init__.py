"""The names by which people label the parts of their notes, and the people in them."""
