"""Files on disk: which of them are lessons, what has changed, and how to open one safely."""
