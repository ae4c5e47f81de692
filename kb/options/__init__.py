"""Options of the commands: shared ones, and those of commands that have many."""
