"""The two indexes by words that `benchmarks/whoosh_parts.py` compares: kb's and whoosh's, of the same terms."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from whoosh.analysis import Token, Tokenizer
from whoosh.fields import ID, KEYWORD, TEXT, Schema
from whoosh.index import create_in, open_dir
from whoosh.query import Or, Phrase
from whoosh.query import Term as TermQuery
from whoosh.scoring import BM25F

from ingest.kinds import KindTable
from ingest.passages.prose import readable_passages
from ingest.passages.splitting import split_lesson
from ingest.reading import read_lesson
from ingest.window import Window
from search.analysis.lesson_terms import Field, LessonTerms
from search.analysis.terms import terms_of
from search.lexical import bm25f
from search.lexical.array_index import ArrayIndex
from search.lexical.lexical_query import LexicalQuery
from search.lexical.new_postings import NewPostings
from search.lexical.postings import Postings
from search.query.slips import candidates

_WINDOW = 200
"""Words of a passage."""
_PATHS = "paths.json"
_SPELLING = "spelling"
_RANKED = 10
_SUGGESTED = 3
_FROM_TWO_SLIPS = 8
"""Letters of a word in which both look for two slips."""


class Entry(NamedTuple):
    """A lesson as both indexes get it."""

    path: str
    title: str
    text: str
    """Of its body."""
    sentences: list[str]
    terms: LessonTerms


def read_entries(folder: Path) -> Iterator[Entry]:
    """Read and analyze the Markdown files of a folder, in the order of their paths."""
    kinds = KindTable()
    for path in sorted(folder.rglob("*.md")):
        reading = read_lesson(path.read_bytes(), path.name, path.stem, kinds)
        passages = split_lesson(reading, Window(_WINDOW, _word_starts, "words"))
        sentences = [sentence for shown in readable_passages(passages) for sentence in shown.prose]
        text = "\n\n".join(passage.text for passage in passages)
        terms = terms_of(reading.lesson, passages)
        yield Entry(path.relative_to(folder).as_posix(), reading.lesson.title, text, sentences, terms)


def _word_starts(texts: Sequence[str]) -> list[list[int]]:
    return [[at for at, sign in enumerate(text) if sign.isspace()] for text in texts]


def write_terms(entries: Iterable[Entry], file: Path) -> None:
    """Write what an index is built from: one line of JSON for each lesson."""
    with file.open("w", encoding="utf-8") as lines:
        for entry in entries:
            further = [[*place, found] for place, found in entry.terms.further.items()]
            spellings = sorted(entry.terms.spellings)
            fields = list(entry.terms.fields.items())
            lines.write(json.dumps([entry.path, fields, entry.terms.passages, further, spellings]) + "\n")


def read_terms(file: Path) -> Iterator[tuple[str, LessonTerms]]:
    """Yield path and terms of each lesson."""
    with file.open(encoding="utf-8") as lines:
        for line in lines:
            path, fields, passages, further, spellings = json.loads(line)
            others = {(Field(field), passage): found for field, passage, found in further}
            yield path, LessonTerms({Field(field): words for field, words in fields}, passages, others, spellings)


class Index(Protocol):
    """An index that answers."""

    def best(self, terms: Sequence[str]) -> list[str]:
        """Return the paths of the best ten lessons by BM25F, the best first."""
        ...

    def having_phrase(self, terms: Sequence[str]) -> list[str]:
        """Return the paths of the lessons in which terms follow each other in one field, in order."""
        ...

    def suggested(self, word: str) -> list[str]:
        """Return words of lessons that a misspelt word may mean, the likeliest first."""
        ...


class Builder(Protocol):
    """Builds an index in a folder."""

    def add(self, path: str, terms: LessonTerms) -> None: ...

    def write(self) -> None: ...


class NoBuilder:
    """Builds nothing, so that only the terms are read."""

    def __init__(self, folder: Path) -> None:
        pass

    def add(self, path: str, terms: LessonTerms) -> None:
        pass

    def write(self) -> None:
        pass


class KbBuilder:
    """Builds the postings of kb."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self._folder = folder
        self._new = NewPostings()
        self._paths: list[str] = []

    def add(self, path: str, terms: LessonTerms) -> None:
        self._new.add(path, terms)
        self._paths.append(path)

    def write(self) -> None:
        self._new.merged_into(Postings.empty(), [None] * len(self._paths)).write(self._folder)
        (self._folder / _PATHS).write_text(json.dumps(sorted(self._paths)), "utf-8")


class KbIndex:
    """The index by words of kb; the pairs of neighbouring terms that it also scores are left out."""

    def __init__(self, folder: Path) -> None:
        self.index = ArrayIndex.read(folder)
        self._paths = json.loads((folder / _PATHS).read_text("utf-8"))

    def best(self, terms: Sequence[str]) -> list[str]:
        found = self.index.match(LexicalQuery(dict.fromkeys(terms, 1.0))).scores.best(_RANKED)
        return [self._paths[number] for number in found.tolist()]

    def having_phrase(self, terms: Sequence[str]) -> list[str]:
        return [self._paths[number] for number in self.index.having_phrase(terms).tolist()]

    def suggested(self, word: str) -> list[str]:
        return [candidate.word for candidate in candidates(word, self.index)]


class GivenTerms(Tokenizer):  # type: ignore[misc]  # whoosh has no types
    """Takes terms as kb's analyzer made them; before each stand its position and a slash."""

    def __call__(self, value: str, **options: Any) -> Iterator[Token]:
        token = Token(**options)
        for written in value.split(" "):
            position, _, token.text = written.partition("/")
            token.pos, token.boost, token.stopped = int(position), 1.0, False
            yield token


class WhooshBuilder:
    """Builds whoosh's index, with the fields, weights and positions of kb."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        fields = {
            field.name: TEXT(GivenTerms(), phrase=True, field_boost=weight) for field, weight in bm25f.WEIGHTS.items()
        }
        fields[_SPELLING] = KEYWORD()
        self._writer = create_in(folder, Schema(path=ID(stored=True), **fields)).writer()

    def add(self, path: str, terms: LessonTerms) -> None:
        values = {field.name: _written(_in_order(terms, field)) for field in Field}
        given = {name: value for name, value in values.items() if value}
        self._writer.add_document(path=path, spelling=" ".join(terms.spellings), **given)

    def write(self) -> None:
        self._writer.commit()


class WhooshIndex:
    """Whoosh's index, opened."""

    def __init__(self, folder: Path) -> None:
        self._searcher = open_dir(folder).searcher(weighting=BM25F(B=bm25f.B, K1=bm25f.K1))

    def best(self, terms: Sequence[str]) -> list[str]:
        query = Or([TermQuery(field.name, term) for term in dict.fromkeys(terms) for field in Field])
        return [hit["path"] for hit in self._searcher.search(query, limit=_RANKED)]

    def having_phrase(self, terms: Sequence[str]) -> list[str]:
        query = Or([Phrase(field.name, list(terms)) for field in Field])
        return sorted({self._searcher.stored_fields(number)["path"] for number in self._searcher.docs_for_query(query)})

    def suggested(self, word: str) -> list[str]:
        most = 1 if len(word) < _FROM_TWO_SLIPS else 2
        return [str(found) for found in self._searcher.suggest(_SPELLING, word, _SUGGESTED, maxdist=most)]


def _in_order(terms: LessonTerms, field: Field) -> list[tuple[int, str]]:
    """Return the terms of a field with their positions; a body is one text."""
    texts = terms.passages if field is Field.BODY else [terms.fields.get(field, ())]
    starts = accumulate((len(words) for words in texts), initial=0)
    found: list[tuple[int, str]] = []
    for number, (start, words) in enumerate(zip(starts, texts, strict=False)):
        found += enumerate(words, start)
        found += ((start + position, term) for position, term in terms.further.get((field, number), ()))
    return sorted(found)


def _written(found: Iterable[tuple[int, str]]) -> str:
    return " ".join(f"{position}/{term}" for position, term in found)


BUILDERS: dict[str, Callable[[Path], Builder]] = {"neither": NoBuilder, "whoosh": WhooshBuilder, "kb": KbBuilder}
INDEXES: dict[str, Callable[[Path], Index]] = {"whoosh": WhooshIndex, "kb": KbIndex}
