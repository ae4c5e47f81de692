"""The files used to measure an index."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Files:
    """The files of queries, and of the lessons judged relevant to them."""

    name: str
    """The name of the query set in tables."""
    queries: Path
    judgements: Path
