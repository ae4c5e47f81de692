"""The index by meaning: the vectors of passages and queries, searched, stored and cached."""
