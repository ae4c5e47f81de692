"""The lessons as they stood at a date or a commit: read from git's objects, with an index of their own."""
