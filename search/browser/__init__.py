"""The index by words for a browser: the analyzer's tables, and the postings in small files."""
