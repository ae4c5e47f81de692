"""The index by words: from terms to postings, and from postings to scores."""
