"""What the rules look for in a text: secrets, numbers that identify somebody, praise, claims."""
