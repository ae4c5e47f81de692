"""Information about single lessons: their names, their worth, whom to ask."""
