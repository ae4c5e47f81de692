"""From an intervention to a lesson: the first draft, the interview, and the life of a lesson after that."""
