"""Files as they lie in a tree: which of them are lessons, what has changed, and how to open one safely."""
