"""From passages to an index, and from a query to a ranking. It uses neither the corpus's files nor a terminal."""
