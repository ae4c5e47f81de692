"""What was found, written for the programs that read it."""
