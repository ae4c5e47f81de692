"""Writes the catalogue of the next snapshot, as an updated copy of the last one."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.files.changes import KnownFile
from ingest.lesson import Lesson
from ingest.passages.passage import Origin, Passage, encoded_text
from kb.catalogue.fact_table import remove_facts, remove_unused_facts, write_facts
from kb.catalogue.schema import OUTLINE, SCHEMA
from kb.catalogue.shown_sentences import stored_sentences
from search.storage import require_schema

if TYPE_CHECKING:
    from ingest.markdown.readable import Readable
    from kb.catalogue.outline import Outline
    from kb.impact.lesson_impact import LessonImpact


class CatalogueWriter:
    """Writes the catalogue of the next snapshot, as an updated copy of the last one."""

    def __init__(self, path: Path, base: Path | None) -> None:
        if base:
            shutil.copyfile(base, path)
        self._connection = sqlite3.connect(path, isolation_level=None)
        # The folder becomes visible only when it is complete, so no journal is needed.
        self._connection.execute("PRAGMA journal_mode = OFF")
        self._connection.execute("PRAGMA synchronous = OFF")
        if base:
            require_schema(self._connection, SCHEMA)
        else:
            self._connection.executescript(SCHEMA)
        self._connection.execute("BEGIN")

    def remove(self, path: str) -> None:
        remove_facts(self._connection, path)
        for table in ("files", "lessons", "passages"):
            self._connection.execute(f"DELETE FROM {table} WHERE path = ?", [path])  # noqa: S608 - a name of ours

    def add_file(self, file: KnownFile) -> None:
        problems = [(problem.reason, problem.line, problem.defect) for problem in file.problems]
        self._connection.execute(
            "INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?)",
            [file.path, file.size, file.mtime_ns, file.digest, json.dumps(problems, ensure_ascii=False)],
        )

    def add(
        self,
        file: KnownFile,
        lesson: Lesson,
        passages: Sequence[Passage],
        readable: Sequence[Readable],
        terms: Sequence[int],
        impact: LessonImpact,
    ) -> None:
        """Add a lesson, replacing the one with its path; `terms` has the number of terms of each passage."""
        self.remove(lesson.path)
        self.add_file(file)
        row = self._connection.execute(
            "INSERT INTO lessons VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                *(lesson.path, lesson.id, lesson.id, lesson.title, lesson.date),
                *(json.dumps(lesson.metadata, ensure_ascii=False), len(passages)),
                sum(passage.origin is not Origin.BODY for passage in passages),
                json.dumps(impact.as_row(), ensure_ascii=False),
            ],
        ).lastrowid
        assert row
        write_facts(self._connection, lesson, row, impact.evidence)
        self._connection.executemany(
            "INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    *(lesson.path, ordinal, passage.origin.value, passage.kind.value, json.dumps(passage.headings)),
                    *(*passage.lines, passage.text, passage.context, count, stored_sentences(shown, passage.text)),
                )
                for ordinal, (passage, shown, count) in enumerate(zip(passages, readable, terms, strict=True))
            ],
        )

    def settle_ids(self) -> None:
        """Give each lesson its own id; if an earlier lesson by path has the same, its path becomes its id."""
        taken: set[str] = set()
        settled = []
        for path, own_id in self._connection.execute("SELECT path, own_id FROM lessons ORDER BY path"):
            id_ = path if own_id in taken else own_id
            taken.add(id_)
            settled.append((id_, path))
        self._connection.executemany("UPDATE lessons SET id = ?1 WHERE path = ?2 AND id != ?1", settled)

    def outline(self) -> Outline:
        """Return the outline of the lessons written so far."""
        from kb.catalogue.outline import Outline

        return Outline.of(self._connection.execute(OUTLINE))

    def paths(self) -> list[str]:
        """Return the path of each lesson, in order of number."""
        return [path for (path,) in self._connection.execute("SELECT path FROM lessons ORDER BY path")]

    def texts(self, path: str) -> list[str]:
        """Return the encoded text of each passage of a lesson, in order."""
        rows = self._connection.execute("SELECT context, text FROM passages WHERE path = ? ORDER BY ordinal", [path])
        return [encoded_text(*row) for row in rows]

    def close(self) -> None:
        remove_unused_facts(self._connection)
        self._connection.execute("COMMIT")
        self._connection.close()
