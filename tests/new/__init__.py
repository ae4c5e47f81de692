"""`kb new`: a draft with all that is known, its path on stdout, and whatever happens in one line."""
