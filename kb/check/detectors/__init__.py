"""What the rules search for in a text: secrets, personal numbers, praise, claims."""
