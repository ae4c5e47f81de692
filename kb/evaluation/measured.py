"""The interface that an evaluation needs of a knowledge base."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from ingest.lesson import Lesson
from kb.config import Config

if TYPE_CHECKING:
    from kb.retrieval.searcher import Searcher


class Measured(Protocol):
    """A knowledge base whose index is measured."""

    config: Config

    def lessons(self) -> Sequence[Lesson]: ...

    def searcher(self) -> Searcher | None: ...
