"""How good a brief is: each quoted line is compared with the file that it cites.

    python benchmarks/briefs.py SET=FOLDER [SET=FOLDER ...] [--half kept] [--show]

The sets, their questions and the folders are those of `benchmarks/questions.py`; only questions with a right lesson
are asked. For each part of the page it prints how many lines there are, and which share of them is

- right: from a lesson that was judged right for the question. Each question has one or a few, so lines from further
  cases count as wrong here even where they would help;
- cited: begins on the line of the file that is cited;
- kind: stands in a section of the kind that its part of the page is made of;
- whole: begins and ends where a sentence, an item or a row of the file does;
- new: shares less than six in ten of its words with any earlier line of the page.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

# Before this folder, whose `search` is a script and not the package.
sys.path.insert(0, str(Path(__file__).parents[1]))

from ingest.kinds import Kind, KindTable
from ingest.reading import Reading, read_lesson
from kb.brief.brief import Brief, Role
from kb.brief.pages.markdown import markdown
from kb.brief.statement import Statement
from kb.knowledge_base import KnowledgeBase
from kb.open_index import OpenIndex
from kb.progress import ProgressLines
from kb.retrieval.request import Request
from search.errors import QueryError

_QUESTIONS = Path(__file__).with_name("questions")
_KINDS = {
    Role.HAPPENED.value: {Kind.PROBLEM, Kind.OTHER},
    Role.DID.value: {Kind.CASE},
    Role.LEARNED.value: {Kind.KNOWLEDGE},
    Role.RESULT.value: {Kind.IMPACT},
    "tool": {Kind.TOOL},
    "method": {Kind.METHOD},
    "failure": {Kind.FAILURE},
}
_REPEATED = 0.6
_EDGE = re.compile(r"[.!?:;|\n\u3002\uff01\uff1f]")
_COMPARED = 30
_ADDRESS = re.compile(r"\]\([^)\n]*\)")
"""Of a link: it is in the file, but a reader does not see it."""


@dataclass(frozen=True)
class Judged:
    """What is true of one quoted line."""

    part: str
    text: str
    right: bool
    cited: bool
    kind: bool
    whole: bool
    new: bool


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sets", nargs="+", metavar="SET=FOLDER")
    parser.add_argument("--half", choices=["work", "kept"], default="work")
    parser.add_argument("--show", action="store_true", help="print the lines of which something is wrong")
    options = parser.parse_args()
    for name, _, folder in (one.partition("=") for one in options.sets):
        _measure(name, Path(folder), options.half, show=options.show)


def _measure(name: str, root: Path, half: str, *, show: bool) -> None:
    lines = (_QUESTIONS / half / f"{name}.jsonl").read_text("utf-8").splitlines()
    questions = [question for question in map(json.loads, lines) if question["lessons"]]
    base = KnowledgeBase(root, ProgressLines())
    base.reindex()
    judged: list[Judged] = []
    lengths, times, first = [], [], 0
    with base.open() as index:
        for question in questions:
            started = time.perf_counter()
            brief = _brief(index, str(question["query"]))
            page = markdown(brief)
            times.append(time.perf_counter() - started)
            lengths.append(page.count("\n") + 1)
            first += bool(brief.cases) and _name(brief.cases[0].lesson.path) in question["lessons"]
            judged += _judged(brief, root, question["lessons"])
    print(f"\n{name}: {len(questions)} briefs, {statistics.median(lengths):.0f} lines (at most {max(lengths)}),")
    print(f"{1000 * statistics.median(times):.0f} ms; the first case is a right lesson in {first}\n")
    _print(judged)
    for one in judged if show else ():
        if not (one.cited and one.kind and one.whole and one.new):
            print(one)


def _brief(index: OpenIndex, text: str) -> Brief:
    request = Request(text)
    try:
        return index.brief(request)
    except QueryError:  # somebody who writes `note: that` means words
        return index.brief(replace(request, is_page=True))


def _parts(brief: Brief) -> Iterator[tuple[str, Statement]]:
    for case in brief.cases:
        yield from ((line.role.value, line.said) for line in case.lines if isinstance(line.said, Statement))
    for part, statements in (("tool", brief.tools), ("method", brief.steps), ("failure", brief.failures)):
        yield from ((part, statement) for statement in statements)


def _judged(brief: Brief, root: Path, right: Sequence[str]) -> Iterator[Judged]:
    earlier: list[set[str]] = []
    for part, statement in _parts(brief):
        path = statement.lesson.path
        reading = read_lesson((root / path).read_bytes(), path, statement.lesson.id, KindTable())
        cited, whole = _in_file(statement, reading)
        words = {*re.findall(r"\w+", statement.text.casefold())}
        new = not any(len(words & other) >= _REPEATED * len(words) for other in earlier)
        earlier.append(words)
        yield Judged(
            part, statement.text, _name(path) in right, cited, _is_of_kind(part, statement, reading), whole, new
        )


def _in_file(statement: Statement, reading: Reading) -> tuple[bool, bool]:
    """Return whether a statement begins on the line that it cites, and whether it is whole there."""
    row = reading.text.split("\n")[statement.line - 1]
    if statement.line <= reading.body_line and statement.kind is Kind.IMPACT:
        return row.lstrip().startswith("-"), True  # a phrase made of the entry that begins there
    if row.startswith("|"):
        cells = [cell.partition(": ")[2] or cell for cell in statement.text.split("; ")]
        return cells[0] in row, all(cell in row for cell in cells)
    text = _ADDRESS.sub(lambda found: " " * len(found[0]), reading.text)
    letters = [(sign.casefold(), place) for place, sign in enumerate(text) if sign.isalnum()]
    written = "".join(sign[:1] for sign, _ in letters)
    start_of_line = sum(len(row) + 1 for row in text.split("\n")[: statement.line - 1])
    begin = next((at for at, (_, place) in enumerate(letters) if place >= start_of_line), 0)
    for shown in (statement.text, statement.text.partition(": ")[2]):
        quoted = "".join(sign.casefold()[:1] for sign in shown if sign.isalnum())
        at = written.find(quoted[:_COMPARED], begin) if quoted else -1
        if at < 0:
            continue
        cited = "\n" not in text[start_of_line : letters[at][1]]
        end = written.find(quoted[-_COMPARED:], at) + min(len(quoted), _COMPARED) - 1
        before = text[letters[at - 1][1] + 1 : letters[at][1]] if at else ""
        after = text[letters[end][1] + 1 : letters[end + 1][1] if end + 1 < len(letters) else len(text)]
        return cited, bool((not at or _EDGE.search(before)) and _EDGE.search(after))
    return False, False


def _is_of_kind(part: str, statement: Statement, reading: Reading) -> bool:
    row = statement.line - 1
    if row < reading.body_line:  # of the front matter
        return part in (Role.RESULT.value, Role.APPLIES.value, Role.NOT_WHEN.value)
    found = next((section.kind for section in reading.sections if section.lines[0] <= row < section.lines[1]), None)
    return found in _KINDS.get(part, ())


def _print(judged: Sequence[Judged]) -> None:
    parts = defaultdict(list)
    for one in judged:
        parts[one.part].append(one)
    print(f"{'part':14s} lines  right  cited   kind  whole    new")
    for part, some in [*parts.items(), ("all", list(judged))]:
        shares = ([getattr(one, name) for one in some] for name in ("right", "cited", "kind", "whole", "new"))
        print(f"{part:14s} {len(some):5d}" + "".join(f"{sum(share) / len(share):7.2f}" for share in shares))


def _name(path: str) -> str:
    return path.rpartition("/")[2]


if __name__ == "__main__":
    main()
