"""What the commands print: each result as text for a person, or in a form for a program."""
