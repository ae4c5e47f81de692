"""The input of an evaluation: queries and relevance judgements, in BEIR's and TREC's formats."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from search.errors import EvaluationError
from search.evaluation.lines import Line, lines_of, without_surrogates

Judgements = dict[str, dict[str, int]]
"""Query → document → grade; a document with a grade above 0 is relevant."""

_QUERY = 'an object with "_id" and "text"'
_QUERY_ROW = "a query's id and its text with a tab between"
_JUDGEMENT = "query, document and grade (or query, 0, document and grade)"
# trec_eval allocates a table as long as the highest grade.
_GRADE = re.compile(r"[-+]?[0-9]{1,3}")
_FIELD = re.compile(r"<(num|title)>(?:\s*(?:Number|Topic)\s*:)?\s*(.*?)\s*(?=</?[a-z]+>|\Z)", re.DOTALL | re.IGNORECASE)


def read_queries(path: Path) -> dict[str, str]:
    """Read queries by id: JSON lines (`_id`, `text`), `id<TAB>text`, or TREC topics, whose title is the query.

    Raises `EvaluationError` naming file and line.
    """
    queries: dict[str, str] = {}
    for line, id_, text in _queries_in(path):
        if not id_ or not text:
            raise line.error(f"{_QUERY_ROW}, neither of them empty")
        if id_ in queries:
            raise EvaluationError(
                f"{path}:{line.number}: the query {id_!r} is there already; give each query its own id"
            )
        queries[id_] = without_surrogates(text)
    if not queries:
        raise EvaluationError(f"{path}: no queries in it")
    return queries


def _queries_in(path: Path) -> Iterator[tuple[Line, str, str]]:
    lines = lines_of(path)
    first = next(lines, None)
    if first is None:
        return
    every = chain([first], lines)
    if first.text.lstrip().startswith("<"):
        yield from _topics(every)
    elif first.text.lstrip().startswith("{"):
        yield from ((line, *_query_of(line)) for line in every)
    else:
        yield from ((line, *_row_of(line)) for line in every)


def _query_of(line: Line) -> tuple[str, str]:
    record = line.record(_QUERY)
    id_, text = record.get("_id"), record.get("text")
    if isinstance(id_, bool) or not isinstance(id_, (str, int)) or not isinstance(text, str):
        raise line.error(_QUERY)
    return str(id_).strip(), text.strip()


def _row_of(line: Line) -> tuple[str, str]:
    id_, tab, text = line.text.partition("\t")
    if not tab:
        raise line.error(_QUERY_ROW)
    return id_.strip(), text.strip()


def _topics(lines: Iterator[Line]) -> Iterator[tuple[Line, str, str]]:
    """Yield each `<top>`: its first line, number and title."""
    start: Line | None = None
    rows: list[str] = []
    for line in lines:
        tag = line.text.strip().lower()
        if tag.startswith("<top>"):
            if start:
                raise start.error("a </top> before the next <top>")
            start, rows = line, []
        rows.append(line.text)
        if start and tag.endswith("</top>"):
            yield start, *_topic_of(start, "\n".join(rows))
            start = None
    if start:
        raise start.error("a </top> after this")


def _topic_of(start: Line, text: str) -> tuple[str, str]:
    fields = {name.lower(): " ".join(value.split()) for name, value in _FIELD.findall(text)}
    if not fields.get("num") or not fields.get("title"):
        raise start.error("a topic with <num> and <title>")
    return fields["num"], fields["title"]


def read_judgements(path: Path) -> Judgements:
    """Read relevance judgements: BEIR's three columns, with or without a header, or TREC's four.

    Raises `EvaluationError` naming file and line.
    """
    judgements: Judgements = {}
    for position, line in enumerate(lines_of(path)):
        columns = line.columns()
        if position == 0 and len(columns) == 3 and not columns[2].lstrip("+-").isdigit():
            continue
        if len(columns) not in (3, 4) or not all(columns) or not _GRADE.fullmatch(columns[-1]):
            raise line.error(f"{_JUDGEMENT}, the grade a whole number below 1000")
        query, document, grade = columns[0], columns[-2], int(columns[-1])
        known = judgements.setdefault(query, {}).setdefault(document, grade)
        if known != grade:
            raise line.error(f"the grade {known}, which this pair has on an earlier line")
    if not judgements:
        raise EvaluationError(f"{path}: no judgements in it")
    return judgements
