"""Which words of the files are in no field of the index, and why.

    python benchmarks/lost_words.py KNOWLEDGE_BASE [--shown 20]

Each file's words, as they are written and as they are shown, are compared with what is indexed of it: its body, its
headings and every text of its front matter.
A word that is in none of them has a reason - it stands in a comment, a script or the data of a picture, it is the name
of a key of the format or what that says of a state - or is listed with its file and line. The exit code is 1 when there
is one without a reason. No index is needed: what is read is what `kb reindex` reads.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

# Before this folder, whose `search` is a script and not the package.
sys.path.insert(0, str(Path(__file__).parents[1]))

from ingest.files.decoding import decode
from ingest.format import FORMAT
from ingest.kinds import KindTable
from ingest.passages.passage import Passage
from ingest.passages.prose import readable
from ingest.passages.splitting import split_lesson
from ingest.problem import Unreadable
from ingest.reading import Reading, read_lesson
from ingest.window import Window
from kb.config import corpus_of, read_config
from kb.wording import counted
from search.analysis.analyzer import indexed
from search.analysis.terms import terms_of

_WINDOW = 250
"""Words of a passage: where a lesson is cut makes no difference here."""
_ESCAPED_LINE_END = re.compile(r"\\[nrt]")
"""As JSON and YAML have it between quotes; in a text it parts words just as well."""
_NO_TEXT = frozenset(term for word in ("null", "true", "false") for term in indexed(word).words)
_STATES = frozenset(
    {"id", "related", "supersedes", "reused", "status", "mode", "date", "review_by", "history", "impact"}
)
"""Keys some of whose values name lessons, days or one of a few words: filters find them."""

_NO_LETTER = re.compile(r"\]\((?:[^()]|\([^()]*\))*+\)|</?[a-zA-Z][^<>]*>|[\W_]+")
"""What may stand between two words that run together: the address of a link, a tag, signs."""
_STEMMED = 2
"""Letters at the end of a word that may be other ones in its term."""
_JOINED = "two words that run together where the mark of code or of a link between them is not shown"


class Lost(NamedTuple):
    """A term that is in no field."""

    path: str
    line: int
    """1-based, where it stands first."""
    term: str
    reason: str
    """Empty where there is none."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("base", type=Path, metavar="KNOWLEDGE_BASE", help="a folder with kb.toml and lessons")
    parser.add_argument("--shown", type=int, default=20, help="how many words without a reason are named")
    options = parser.parse_args()
    config = read_config(options.base)
    corpus, kinds = corpus_of(config), KindTable(config.sections)
    reasons: Counter[str] = Counter()
    lost: list[Lost] = []
    files = corpus.find().files
    for file in files:
        try:
            data = corpus.read(file.path)
            reading = read_lesson(data, file.path, corpus.default_id(file.path), kinds)
        except Unreadable as error:
            print(f"{file.path}: {error}")
            continue
        found = list(lost_words(reading, decode(data).text))
        reasons.update(one.reason for one in found if one.reason)
        lost += [one for one in found if not one.reason]
    print(f"{counted(len(files), 'file')}; {counted(len(lost), 'word')} without a reason")
    for reason, count in reasons.most_common():
        print(f"{count:9,} {reason}")
    for one in lost[: options.shown]:
        print(f"{one.path}:{one.line}: {one.term}")
    return 1 if lost else 0


def lost_words(reading: Reading, text: str) -> Iterator[Lost]:
    """Yield each term of a file's text that is in no field of its lesson, once."""
    passages = split_lesson(reading, Window(_WINDOW, _word_starts, "words"))
    kept = _kept(reading, passages)
    seen = reading.seen_text.split("\n")
    told: set[str] = set()
    for number, row in enumerate(text.split("\n")):
        if number < reading.body_line:
            row = _ESCAPED_LINE_END.sub(" ", row)
        for term in sorted(_terms(row) - kept - told):
            told.add(term)
            yield Lost(reading.lesson.path, number + 1, term, _reason(reading, number, term, seen[number : number + 1]))
    body = "\n".join(seen[reading.body_line :])
    shown = readable(body)
    letters = _NO_LETTER.sub("", body.casefold())
    for term in sorted(_terms("\n".join((*shown.prose, *shown.asides))) - kept - told):
        is_joined = _NO_LETTER.sub("", term[:-_STEMMED]) in letters
        yield Lost(reading.lesson.path, reading.body_line + 1, term, _JOINED if is_joined else "")


def _kept(reading: Reading, passages: Sequence[Passage]) -> set[str]:
    terms = terms_of(reading.lesson, passages)
    further = {term for said in terms.further.values() for _, term in said}
    return {*further, *(term for said in (*terms.fields.values(), *terms.passages) for term in said)}


def _word_starts(texts: Sequence[str]) -> list[list[int]]:
    return [[at for at, sign in enumerate(text) if sign.isspace()] for text in texts]


def _terms(text: str) -> set[str]:
    return set(indexed(text).words)


def _reason(reading: Reading, line: int, term: str, seen: Sequence[str]) -> str:
    if line < reading.body_line:
        return _reason_in_matter(reading, line, term)
    if seen and term not in _terms(seen[0]):
        return "in a comment, a script, a style, the data of a picture or the marker of a conflict"
    is_heading = any(section.lines[0] <= line < section.body_line for section in reading.sections)
    return "the anchor of a heading, or the address of a link in one" if is_heading else ""


def _reason_in_matter(reading: Reading, line: int, term: str) -> str:
    row = _ESCAPED_LINE_END.sub(" ", reading.text.split("\n")[line])
    if row.lstrip().startswith("#") or term not in _terms(row.split(" #")[0]):
        return "in a comment of the front matter"
    if any(term in _terms(f"{key} {key.replace('_', ' ')}") for key in _names()):
        return "the name of a key of the format"
    if term in _NO_TEXT:
        return "null, true or false"
    lines = reading.matter.lines
    keys = [
        key
        for key in reading.lesson.metadata
        if any(start <= line < end for start, end in lines.get(key, [(0, line + 1)]))
    ]
    return "names a lesson, a day or a state" if _STATES.intersection(keys) else ""


def _names() -> Iterator[str]:
    yield from FORMAT.keys
    for key in FORMAT.keys.values():
        shape = getattr(key.shape, "of", key.shape)
        yield from getattr(shape, "keys", ())


if __name__ == "__main__":
    sys.exit(main())
