"""What people see who ask in their own words: how often the right lesson is shown, and what is said of it.

    python benchmarks/questions.py SET=FOLDER [SET=FOLDER ...] [--half kept]

A set is one of the files of `benchmarks/questions/work`: `project` is this repository, `nasa`, `postmortems` and
`keps` are knowledge bases of NASA's public lessons, of public post-mortems and of Kubernetes' enhancement
proposals, each with its files under their public names. The questions were written before anything was searched:
by people who have the problem and not the lesson's words; near ones, which the library does not answer although
its field is right; and far ones. Half of them, `kept`, were not looked at while the search was tuned.

Hidden: the right lesson is among the first three, and all that is shown is said to be only near.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter, defaultdict
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from kb.retrieval.request import Request

# Before this folder, whose `search` is a script and not the package.
sys.path.insert(0, str(Path(__file__).parents[1]))

from kb.knowledge_base import KnowledgeBase
from kb.progress import ProgressLines
from kb.retrieval.searcher import Searcher
from search.engine import Relevance
from search.errors import QueryError
from search.query import Mode

_QUESTIONS = Path(__file__).with_name("questions")
_FIRST = 3
_LIMIT = 5


@dataclass(frozen=True)
class Seen:
    """What somebody sees who asks a question."""

    style: str
    query: str
    place: int | None
    """Of a right lesson, from 0; None when none is shown."""
    relevance: Relevance
    answerable: bool


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sets", nargs="+", metavar="SET=FOLDER")
    parser.add_argument("--half", choices=["work", "kept"], default="work")
    parser.add_argument("--mode", choices=list(Mode), default=Mode.HYBRID)
    parser.add_argument("--show", action="store_true", help="name the questions of which something is wrong")
    options = parser.parse_args()
    for name, _, folder in (one.partition("=") for one in options.sets):
        questions = [*_read(options.half, name), *_read(options.half, "far")]
        seen = _ask(Path(folder), questions, Mode(options.mode))
        _print(name, seen)
        if options.show:
            _print_wrong(seen)


def _read(half: str, name: str) -> list[dict[str, object]]:
    lines = (_QUESTIONS / half / f"{name}.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


def _ask(root: Path, questions: list[dict[str, object]], mode: Mode) -> list[Seen]:
    knowledge_base = KnowledgeBase(root, ProgressLines())
    knowledge_base.reindex()
    searcher = knowledge_base.index.searcher()
    assert searcher is not None
    with closing(searcher):
        return [_seen(searcher, question, mode) for question in questions]


def _seen(searcher: Searcher, question: dict[str, object], mode: Mode) -> Seen:
    text, right = str(question["query"]), question["lessons"]
    assert isinstance(right, list)
    request = Request(text, mode=mode, limit=_LIMIT)
    try:
        answer = searcher.ask(request)
    except QueryError:  # somebody who writes `note: that` means words
        answer = searcher.ask(replace(request, is_page=True))
    names = [result.lesson.path.rpartition("/")[2] for result in answer.results]
    place = next((number for number, name in enumerate(names) if name in right), None)
    return Seen(str(question["style"]), text, place, answer.relevance, bool(right))


def _print(name: str, seen: list[Seen]) -> None:
    answerable = [one for one in seen if one.answerable]
    print(f"\n{name:14s} {'asked':>6s} {'first':>6s} {'in 3':>6s} {'hidden':>7s}   answers  may help  nearest")
    styles = defaultdict(list)
    for one in seen:
        styles[one.style].append(one)
    for style, some in [*styles.items(), ("answerable", answerable)]:
        said = Counter(one.relevance for one in some)
        counts = "".join(f"{said[relevance]:10d}" for relevance in Relevance)
        row = f"{style:14s} {len(some):6d}"
        if some[0].answerable:
            first = sum(one.place == 0 for one in some)
            among = [one for one in some if one.place is not None and one.place < _FIRST]
            row += f" {first:6d} {len(among):6d} {sum(not one.relevance.is_relevant for one in among):7d}"
        else:
            row += " " * 22
        print(row + counts)


def _print_wrong(seen: list[Seen]) -> None:
    for one in seen:
        wrong = (
            (one.place is None or one.place >= _FIRST or not one.relevance.is_relevant)
            if one.answerable
            else (one.relevance is Relevance.ANSWERS or (one.style == "far" and one.relevance.is_relevant))
        )
        if wrong:
            print(f"  {one.style:10s} {one.relevance.label:9s} {one.place}  {one.query[:100]!r}")


if __name__ == "__main__":
    main()
