"""The problem of a brief in one line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from math import fsum

from ingest.markdown.sentences import sentences
from kb.wording import shortened
from search.query import terms as terms_of

_LONGEST = 150
# Most characters of a page that are read for its most telling sentence.
_READ = 20_000
_PARAGRAPH_END = re.compile(r"\n\s*\n")
_CLAUSE_END = re.compile(r"(?<=[,;])\s")
_ELLIPSIS = "\u2026"


def in_one_line(problem: str, information: Mapping[str, float]) -> str:
    """Return a short problem as it is; of a longer one the sentence, or part of a sentence, that says most.

    `information`: the inverse document frequency of each term of the problem that the best case has.
    """
    written = " ".join(problem.split())
    if len(written) <= _LONGEST:
        return written

    def weight(text: str) -> tuple[float, int]:
        return fsum(information.get(term, 0.0) for term in {*terms_of(text)}), -len(text)

    return max(_candidates(problem[:_READ]), key=weight)


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
