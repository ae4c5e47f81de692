"""From passages to an index, and from a query to a ranking. Knows no file of the corpus and no terminal."""
