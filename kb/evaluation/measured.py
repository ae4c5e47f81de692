"""The interface that an evaluation needs of a knowledge base."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from ingest.lesson import Lesson
from kb.config import Config

if TYPE_CHECKING:
    from kb.retrieval.searcher import Searcher


class Index(Protocol):
    """The index of a knowledge base."""

    def searcher(self) -> Searcher | None: ...


class Measured(Protocol):
    """A knowledge base whose index is measured."""

    config: Config

    @property
    def index(self) -> Index: ...

    def lessons(self) -> Sequence[Lesson]: ...
