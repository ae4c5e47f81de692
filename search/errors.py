"""The errors of the search: one type for each kind that a caller may handle."""

from __future__ import annotations


class SearchError(Exception):
    """Base class of errors that a user can act on; the message says what is wrong, where, and what to do."""


class QueryError(SearchError):
    """The query cannot be answered in this form."""


class ModelError(SearchError):
    """The model cannot be loaded or does not do what is asked of it."""


class DamagedIndex(SearchError):
    """A file of the index is missing, cut short or not what was written."""


class EvaluationError(SearchError):
    """A file or a measure of an evaluation is invalid."""
