"""What is said of single lessons: their names, their worth, whom to ask."""
