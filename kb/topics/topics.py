"""Makes the map of a library from its index and from the last map."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ingest.files.reason import reason_of
from ingest.format import NOT_CURRENT
from kb.retrieval.listing import meeting
from kb.topics.drawing import Library, draw
from kb.topics.facts import Asked, MapRequest, facts_of
from kb.topics.map_file import KnownMap, read_map, write_map
from kb.topics.report import TopicMap
from kb.topics.space import by_words
from kb.topics.words import LessonText, Vocabulary
from search.indexing import lesson_vectors

if TYPE_CHECKING:
    from kb.catalogue.catalogue import Catalogue
    from kb.people.directory import Directory
    from kb.retrieval.opening import Contents

_BY_WORDS = "the index has no vectors yet, so the topics are by words only; run `kb reindex`"


def map_of(contents: Contents, directory: Directory, path: Path, request: MapRequest, today: date) -> TopicMap:
    """Return the map, and store it at `path` for the next one; raises `QueryError` and `DamagedIndex`."""
    shown = meeting(contents.catalogue, request.lessons) if request.lessons.is_restricted else None
    (library, left_out), before = _library(contents, directory, request.asked), read_map(path)
    drawn, known = draw(library, before, today)
    notes = [*_notes(contents, left_out), *(shown.notes if shown else ()), *_stored(path, known, before)]
    return replace(drawn if shown is None else drawn.only(shown.paths, today), notes=tuple(notes))


def _library(contents: Contents, directory: Directory, asked: Asked) -> tuple[Library, Counter[str]]:
    """Return the current lessons, and how many others there are by status."""
    found = [*facts_of(contents.catalogue, directory, asked)]
    current = [number for number, (lesson, _) in enumerate(found) if lesson.is_current]
    files, sentences = contents.catalogue.files(), _sentences(contents.catalogue)
    vocabulary = Vocabulary(
        LessonText((lesson.title, *lesson.tags), tuple(sentences.get(lesson.path, ())))
        for lesson, _ in (found[number] for number in current)
    )
    vectors = lesson_vectors(contents.folder)[current] if contents.folder else by_words(vocabulary)
    facts = [found[number][1] for number in current]
    digests = _told_apart(files[each.path].digest for each in facts)
    left_out = Counter(lesson.status for lesson, _ in found if not lesson.is_current)
    return Library(facts, digests, vocabulary, np.nan_to_num(vectors)), left_out


def _told_apart(digests: Iterable[str]) -> list[str]:
    """Return digests with a number behind those that came before: of equal files each has its own place."""
    before: Counter[str] = Counter()
    found = []
    for digest in digests:
        found.append(f"{digest} {before[digest]}" if before[digest] else digest)
        before[digest] += 1
    return found


def _sentences(catalogue: Catalogue) -> Mapping[str, list[str]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for path, readable in catalogue.sentences():
        found[path] += readable.prose
    return found


def _stored(path: Path, known: KnownMap, before: KnownMap) -> Iterator[str]:
    """Store a map; yield why that failed."""
    if known == before:
        return
    try:
        write_map(path, known)
    except OSError as error:
        yield f"the map cannot be stored ({reason_of(error)}), so the next one may differ"


def _notes(contents: Contents, left_out: Counter[str]) -> Iterator[str]:
    if contents.folder is None:
        yield _BY_WORDS
    if said := [f"{left_out[status]:,} {status}" for status in NOT_CURRENT if left_out[status]]:
        yield f"not on the map: {', '.join(said)}"
