"""What the commands print: each result in the form that was asked for, as text for a person or for a program."""
