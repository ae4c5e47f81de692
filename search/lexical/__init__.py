"""The lexical leg: text to terms, terms to postings, postings to scores."""
