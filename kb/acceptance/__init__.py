"""What a new snapshot has to prove before it is published."""
