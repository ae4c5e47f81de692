"""The people to ask about a problem."""
