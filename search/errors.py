"""What can go wrong below the command line, each a type that the caller can tell apart."""

from __future__ import annotations


class SearchError(Exception):
    """Base of the errors that a person can act on; the message says what, where and what to do."""


class QueryError(SearchError):
    """The query cannot be answered as it is put."""


class ModelError(SearchError):
    """The model cannot be loaded or does not do what is asked of it."""


class DamagedIndex(SearchError):
    """A file of the index is missing, cut short or not what was written."""


class EvaluationError(SearchError):
    """A file or a measure of an evaluation is not what it should be."""
