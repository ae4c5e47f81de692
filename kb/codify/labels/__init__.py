"""What people call the parts of their notes, and the people in them."""
