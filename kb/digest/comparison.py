"""The lessons that differ between two commits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import PurePosixPath
from typing import NamedTuple

from ingest.files.corpus import MAX_BYTES, Corpus
from ingest.kinds import KindTable
from ingest.lesson import Lesson
from ingest.problem import Unreadable
from ingest.reading import Reading, read_lesson
from kb.config import Config, corpus_of
from kb.digest.span import Span
from kb.people.directory import Directory
from kb.people.people_file import read_directory
from kb.people.withholding import permitted
from kb.reuse.ledger import FOLDER as LEDGER
from kb.reuse.ledger import MOST_BYTES, countable, is_ledger, last_day, recorded_in
from kb.reuse.recorded import RecordedUse
from kb.reuse.use import permitted_use
from kb.system.git_objects import Pair, TreeFile, changed_files_between, contents, files_in, object_at, sizes

MOST_LESSONS = 5_000
"""That are read; of more, which is a new library rather than news, only the number is told."""


class Version(NamedTuple):
    """A lesson in one of the commits."""

    reading: Reading
    blob: str


class Difference(NamedTuple):
    """A lesson in both commits; one of them is None if it did not exist there."""

    before: Version | None
    after: Version | None


class Comparison(NamedTuple):
    """The lessons that differ between two commits, by path."""

    span: Span
    differences: tuple[Difference, ...]
    left_out: int
    """Number of lessons that differ but were not read."""
    recorded: tuple[RecordedUse, ...] = ()
    """The uses that the ledger of the later commit has, and that of the earlier one has not."""


def compared(config: Config, place: str, span: Span) -> Comparison:
    """Compare the lessons of two commits; people who opted out today are not in them.

    `place` is the folder of the knowledge base in its repository. Raises `NoRepository`.
    """
    below = PurePosixPath(place)
    pairs = list(_pairs(config, below, span))
    files = [file for pair in pairs[:MOST_LESSONS] for file in pair if file.path]
    readings = _Readings(config).of(files)
    found = [Difference(*(readings.get(file) for file in pair)) for pair in pairs[:MOST_LESSONS]]
    known = list(_separated(one for one in found if one.before or one.after))
    left_out = max(len(pairs) - MOST_LESSONS, 0)
    return Comparison(span, tuple(_joined(known)), left_out, tuple(_newly_recorded(config, below, span)))


def _pairs(config: Config, place: PurePosixPath, span: Span) -> Iterator[Pair]:
    corpus = corpus_of(config)
    folders = [str(place / folder) for folder in config.paths]
    old = span.since.id if span.since else None
    for pair in changed_files_between(config.root, old, span.until.id, folders):
        before, after = (_below(file, place, corpus) for file in pair)
        if before.path or after.path:
            yield Pair(before, after)


def _below(file: TreeFile, place: PurePosixPath, corpus: Corpus) -> TreeFile:
    """Return a file with its path below the root; no file if it is not a lesson there."""
    path = PurePosixPath(file.path)
    if file.path and path.is_relative_to(place) and corpus.includes(below := str(path.relative_to(place))):
        return file._replace(path=below)
    return TreeFile("", "")


def _newly_recorded(config: Config, place: PurePosixPath, span: Span) -> Iterator[RecordedUse]:
    known = {use.key for use in _recorded(config, place, span.since.id)} if span.since else set()
    directory = read_directory(config.root)
    for use in _recorded(config, place, span.until.id):
        if use.key not in known:
            yield permitted_use(use, directory)


def _recorded(config: Config, place: PurePosixPath, commit: str) -> tuple[RecordedUse, ...]:
    """Return the uses in the ledger of a commit; what cannot be read there is named by `kb check`."""
    root, until = config.root, last_day()
    folder = object_at(root, commit, str(place / LEDGER))
    names = {file.blob: file.path for file in files_in(root, folder) if is_ledger(file.path)} if folder else {}
    counted = set(countable(((names[blob], size) for blob, size in sizes(root, names)), until))
    blobs = [blob for blob, name in names.items() if name in counted]
    texts = ((names[blob], data.decode("utf-8-sig", "replace")) for blob, data in contents(root, blobs, MOST_BYTES))
    return recorded_in(texts, until).uses


class _Readings:
    """Reads the lessons of commits."""

    def __init__(self, config: Config) -> None:
        self._root = config.root
        self._corpus = corpus_of(config)
        self._kinds = KindTable(config.sections)
        self._directory: Directory = read_directory(config.root)

    def of(self, files: Sequence[TreeFile]) -> dict[TreeFile, Version]:
        """Return the lessons in files; those that cannot be read are left out."""
        by_blob: dict[str, list[TreeFile]] = {}
        for file in files:
            by_blob.setdefault(file.blob, []).append(file)
        return {
            file: Version(reading, blob)
            for blob, data in contents(self._root, by_blob, MAX_BYTES)
            for file in by_blob[blob]
            if (reading := self._read(data, file.path))
        }

    def _read(self, data: bytes, path: str) -> Reading | None:
        try:
            reading = read_lesson(data, path, self._corpus.default_id(path), self._kinds)
        except Unreadable:
            return None
        return replace(reading, lesson=permitted(reading.lesson, self._directory))


def _separated(differences: Iterable[Difference]) -> Iterator[Difference]:
    """Yield the differences; a file that git takes for moved, though it states another id, is another lesson."""
    for one in differences:
        if one.before and one.after and _is_another(one.before.reading.lesson, one.after.reading.lesson):
            yield Difference(one.before, None)
            yield Difference(None, one.after)
        else:
            yield one


def _is_another(old: Lesson, new: Lesson) -> bool:
    both_state_one = old.metadata.get("id") and new.metadata.get("id")
    return bool(both_state_one) and old.id != new.id and old.path != new.path


def _joined(differences: Sequence[Difference]) -> Iterator[Difference]:
    """Yield the differences; a lesson that git takes for removed and new, but has kept its id, is one."""
    gone = {one.before.reading.lesson.id: one for one in differences if one.before and not one.after}
    come = {one.after.reading.lesson.id for one in differences if one.after and not one.before}
    for one in differences:
        if one.after and not one.before and (old := gone.get(one.after.reading.lesson.id)):
            yield Difference(old.before, one.after)
        elif one.after or (one.before and one.before.reading.lesson.id not in come):
            yield one
