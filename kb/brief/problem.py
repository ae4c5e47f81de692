"""The problem of a brief in one line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from math import fsum

from ingest.markdown.sentences import sentences
from kb.codify.sources.mail import headers_of, quoted_rows, unanswered
from kb.wording import shortened
from search.query import terms as terms_of

_LONGEST = 150
# Most characters of a page that are read for its most telling sentence.
_READ = 20_000
_PARAGRAPH_END = re.compile(r"\n\s*\n")
_CLAUSE_END = re.compile(r"(?<=[,;])\s")
_ELLIPSIS = "\u2026"


def in_one_line(problem: str, information: Mapping[str, float]) -> str:
    """Return a short problem as it is, the subject of a mail, or else the sentence or part of one that says most.

    `information`: the inverse document frequency of each term of the problem that the best case has.
    """
    rows = problem[:_READ].split("\n")
    headers = headers_of(rows)
    written = " ".join(problem.split())
    if len(written) <= _LONGEST and not headers:
        return written

    def weight(text: str) -> tuple[float, int]:
        return fsum(information.get(term, 0.0) for term in {*terms_of(text)}), -len(text)

    subject = shortened(unanswered(headers["subject"].value), _LONGEST) if "subject" in headers else ""
    if weight(subject)[0] > 0:
        return subject
    quoted, _ = quoted_rows(rows)
    above = {row for header in headers.values() for row in range(header.row, header.row + len(header.rows))}
    own = "\n".join(line for row, line in enumerate(rows) if row not in quoted | above)
    return max(_candidates(own if own.strip() else written), key=weight)


def _candidates(problem: str) -> Iterator[str]:
    for paragraph in _PARAGRAPH_END.split(problem):
        for sentence in sentences(" ".join(paragraph.split())):
            if len(sentence) <= _LONGEST:
                yield sentence
            else:
                yield from _parts(_CLAUSE_END.split(sentence))


def _parts(clauses: Sequence[str]) -> Iterator[str]:
    """Yield from each clause on as many as fit, at least one; marked where something is left out."""
    for start in range(len(clauses)):
        end = start + 1
        while end < len(clauses) and len(" ".join(clauses[start : end + 1])) <= _LONGEST:
            end += 1
        part = " ".join(clauses[start:end])
        before, after = _ELLIPSIS * (start > 0), _ELLIPSIS * (end < len(clauses))
        yield f"{before}{shortened(part.rstrip(',;') if after else part, _LONGEST)}{after}"
