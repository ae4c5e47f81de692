"""The options of the commands: those that several have, and those of commands with many."""
