"""The log: what is noted of a question, where, and how it is read."""
