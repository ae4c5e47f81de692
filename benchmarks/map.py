"""How stable the topics of a library are from night to night, and how long `kb map` takes.

    python benchmarks/map.py KNOWLEDGE_BASE [--nights 60] [--share 0.01] [--runs 3]

Of an indexed knowledge base, three quarters of the lessons are there at first. Each night a share of them is edited
(one passage is replaced by one of another lesson), as many are removed, and as many of the others are added. Then the
map is drawn from that of the night before. What counts is the share of lessons, in both nights and not edited, that are
in the topic with the same number; and whether the map is still as good as one made from nothing.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import date
from pathlib import Path
from random import Random
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

# Before this folder, whose `search` is a script and not the package.
sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.latency import measure
from kb.catalogue.catalogue import Catalogue
from kb.index.store import SnapshotStore
from kb.people.directory import NOBODY
from kb.topics.clustering import centroids, cohesion, divide, numbered, topics_for
from kb.topics.drawing import Library, draw
from kb.topics.facts import LessonFacts, facts_of
from kb.topics.map_file import NO_MAP, KnownMap
from kb.topics.words import LessonText, Vocabulary
from search.indexing import passage_numbers

TODAY = date(2026, 1, 1)


class Lesson(NamedTuple):
    """A lesson of the simulated library."""

    facts: LessonFacts
    text: LessonText
    passages: NDArray[np.float32]
    """The vectors of its passages."""
    edits: int = 0

    @property
    def digest(self) -> str:
        return f"{self.facts.path} {self.edits}"

    @property
    def vector(self) -> NDArray[np.float32]:
        mean = self.passages.sum(axis=0)
        return np.asarray(mean / np.linalg.norm(mean), np.float32)


class Night(NamedTuple):
    """What one night did to the map."""

    stayed: float
    """Share of the lessons that were there and not edited whose topic has the same number."""
    names: float
    """Share of the topics of before with the same terms as a name."""
    examples: float
    """Share of the topics of before for which the same lesson stands."""
    edited: float
    """Share of the edited lessons whose topic has the same number."""
    moved: float
    """Median distance over which such lessons have moved, in diameters of a dot."""
    how: str


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("base", type=Path, metavar="KNOWLEDGE_BASE", help="a folder with kb.toml and an index")
    parser.add_argument("--nights", type=int, default=60)
    parser.add_argument("--share", type=float, default=0.01)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    for kind in ("first", "again"):
        seconds = [timed(options.base, kind) for _ in range(options.runs)]
        print(f"{statistics.median(seconds):.2f} s  kb map, {kind}")
    if options.nights:
        simulate(lessons_of(options.base), options.nights, options.share)


def timed(base: Path, kind: str) -> float:
    if kind == "first":
        (base / ".kb" / "map.json").unlink(missing_ok=True)
    return measure([sys.executable, "-m", "kb", "--root", str(base), "map"]).seconds


def lessons_of(base: Path) -> list[Lesson]:
    snapshot = SnapshotStore(base).live()
    assert snapshot, "no index"
    numbers = passage_numbers(snapshot.folder)
    rows = np.load(snapshot.folder / "vectors" / "rows.npy", mmap_mode="r")
    with closing(Catalogue(snapshot.folder / "catalogue.sqlite")) as catalogue:
        sentences: dict[str, list[str]] = {}
        for path, readable in catalogue.sentences():
            sentences.setdefault(path, []).extend(readable.prose)
        return [
            Lesson(
                facts,
                LessonText((lesson.title, *lesson.tags), tuple(sentences.get(lesson.path, ()))),
                np.array(rows[numbers.of(number)]),
            )
            for number, (lesson, facts) in enumerate(facts_of(catalogue, NOBODY, {}))
            if numbers.counts[number]
        ]


def simulate(lessons: Sequence[Lesson], nights: int, share: float) -> None:
    random = Random(0)  # noqa: S311
    shuffled = random.sample(lessons, len(lessons))
    there, others = shuffled[: len(shuffled) * 3 // 4], shuffled[len(shuffled) * 3 // 4 :]
    known, found = drawn(there, NO_MAP)[1], []
    first = known
    for _ in range(nights):
        before = {lesson.facts.path: lesson.digest for lesson in there}
        there, others = changed(there, others, share, random)
        how, following = drawn(there, known)
        found.append(compared(known, following, how, {before.get(one.facts.path, ""): one.digest for one in there}))
        known = following
    stayed = [night.stayed for night in found]
    anew = sum(night.how == "anew" for night in found)
    print(
        f"{len(there):,} lessons, {nights} nights, each with {share:.1%} edited, removed and added: per night "
        f"{statistics.mean(stayed):.4f} of the lessons stay in their topic, at least {min(stayed):.4f}, and "
        f"{statistics.mean(night.edited for night in found):.3f} of those that are edited; "
        f"{statistics.mean(night.names for night in found):.3f} of the names stay, "
        f"{statistics.mean(night.examples for night in found):.3f} of the examples; a lesson moves by "
        f"{statistics.median(night.moved for night in found):.2f} diameters; made anew {anew} times"
    )
    print(f"from the first night to the last {compared(first, known, '', {}).stayed:.4f} stay")
    ours, best = quality(there, known)
    print(f"mean cosine of a lesson with its topic's centroid {ours:.4f}, of a map from nothing {best:.4f}")


def drawn(lessons: Sequence[Lesson], before: KnownMap) -> tuple[str, KnownMap]:
    in_order = sorted(lessons, key=lambda lesson: lesson.facts.path)
    library = Library(
        [lesson.facts for lesson in in_order],
        [lesson.digest for lesson in in_order],
        Vocabulary(lesson.text for lesson in in_order),
        np.array([lesson.vector for lesson in in_order]),
    )
    found, known = draw(library, before, TODAY)
    return found.how.value, known


def changed(
    there: Sequence[Lesson], others: Sequence[Lesson], share: float, random: Random
) -> tuple[list[Lesson], list[Lesson]]:
    count = max(round(share * len(there)), 1)
    left, removed = there[count:], there[:count]
    edited = {lesson.facts.path for lesson in random.sample(left, count)}
    kept = [edit(lesson, random.choice(there), random) if lesson.facts.path in edited else lesson for lesson in left]
    together = random.sample([*kept, *others[:count]], len(kept) + len(others[:count]))
    return together, [*others[count:], *removed]


def edit(lesson: Lesson, other: Lesson, random: Random) -> Lesson:
    passages = lesson.passages.copy()
    passages[random.randrange(len(passages))] = random.choice([*other.passages])
    return lesson._replace(passages=passages, edits=lesson.edits + 1)


def compared(before: KnownMap, after: KnownMap, how: str, now: Mapping[str, str]) -> Night:
    """Compare two maps; `now` has the digest of each lesson by its digest before."""
    both = before.lessons.keys() & after.lessons.keys()
    stayed = sum(before.lessons[digest].topic == after.lessons[digest].topic for digest in both)
    edits = {old: new for old, new in now.items() if old in before.lessons and old != new}
    kept = sum(before.lessons[old].topic == after.lessons[new].topic for old, new in edits.items())
    topics = before.topics.keys() & after.topics.keys()
    names = sum(before.topics[topic].terms == after.topics[topic].terms for topic in topics)
    examples = sum(before.topics[topic].example == after.topics[topic].example for topic in topics)
    moved = [
        float(np.hypot(old.x - new.x, old.y - new.y))
        for old, new in ((before.topics[topic], after.topics[topic]) for topic in topics)
    ]
    shares = (
        stayed / max(len(both), 1),
        names / len(before.topics),
        examples / len(before.topics),
        kept / max(len(edits), 1),
    )
    return Night(*shares, statistics.median(moved), how)


def quality(lessons: Sequence[Lesson], known: KnownMap) -> tuple[float, float]:
    vectors = np.array([lesson.vector for lesson in lessons])
    topics = numbered(np.array([known.lessons[lesson.digest].topic for lesson in lessons]))
    assert len(centroids(vectors, topics)) == len(known.topics)
    anew = divide(vectors, topics_for(len(vectors)), range(len(vectors)))
    return cohesion(vectors, topics), cohesion(vectors, anew)


if __name__ == "__main__":
    main()
