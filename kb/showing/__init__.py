"""What is shown of a lesson: its text, or a part of it, whom to ask about it, and how it was used."""
