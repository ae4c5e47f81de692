"""The aerial view of a library: its topics, what each has, and where it is thin."""
