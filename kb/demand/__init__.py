"""What was asked and what came of it: the log of a user's own questions, and the gaps of the library that it shows."""
