"""From files to lessons and passages: finds, compares, parses and splits. Does not know the index."""
