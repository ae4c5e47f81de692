"""Writes new lessons: the first draft, the interview, and the state of a lesson being written."""
