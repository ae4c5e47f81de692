"""Text → terms; the same analyzer for lessons, for queries and for marking matched words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from whoosh.lang.porter import stem
from whoosh.lang.stopwords import stoplists

from search.analysis.accents import WITHOUT_MARKS
from search.analysis.tokens import (
    UNSEEN,
    Piece,
    names,
    parts_of_word,
    pieces,
    pieces_apart,
    span_of_name,
    without_separators,
)

MAX_WORD_CHARACTERS = 64

STOP_WORDS = stoplists["en"]
MAX_CHARACTERS_FOLDED = 8 * MAX_WORD_CHARACTERS  # a letter may have several marks
_MOST_REMEMBERED = 64
"""Characters of the longest chunk that is cached: a longer one hardly ever occurs again."""
_LEAST_SPELT, _MOST_SPELT = 4, 24
_OfPiece = tuple[tuple[str, ...], tuple[tuple[int, str], ...], tuple[str, ...]]
"""Words, further terms and spellings, as in `Indexed`; plain tuples, which the garbage collector does not track."""
_BEHIND_ALPHABETS = "\u0530"
"""The first code point after the Latin, Greek and Cyrillic letters."""
_AROUND = "()[],;:!?\"'*\u201c\u201d\u2018\u2019\u2026"
_LOOSE = re.compile(r"[\s\u0300-\u036f]+")
"""White space and combining marks that are left after NFKC normalization."""
_CHUNK = re.compile(r"\S+")


class Term(NamedTuple):
    """An occurrence of a term: `text[start:end]` is what was written."""

    term: str
    start: int
    end: int


class Name(NamedTuple):
    """Words written in one piece, as one term: `proof-reading`, `ORA-00942`, `C++`."""

    term: str
    first: int
    """The number of its first word."""
    last: int
    """The number of its last word plus 1."""
    start: int
    end: int


class Part(NamedTuple):
    """A part of a word (`parts_of_word`), or two neighbouring characters of text without spaces."""

    term: str
    word: int
    """The number of the word that it is part of; for two characters, of the first."""
    start: int
    end: int


class Analysis(NamedTuple):
    """The terms of a text; each list in text order."""

    words: list[Term]
    """Without stop words; a word's index in this list is its number and its position."""
    names: list[Name]
    """Of nested names the longest is the last."""
    parts: list[Part]


class Indexed(NamedTuple):
    """What an index keeps of a text."""

    words: list[str]
    further: list[tuple[int, str]]
    """(position, term) of each name and part; the position is that of its first word."""
    spellings: set[str]
    """The words as written, in lower case, that spelling correction may suggest (`is_spelt`)."""


def analyze(text: str, *, is_query: bool = False) -> Analysis:
    """Split a text into terms. In text without spaces each character is a word; if `is_query`, each two neighbours."""
    found = Analysis([], [], [])
    for together in pieces(text):
        if together[0].lastgroup == "unit":
            _add_run(found, together, is_query=is_query)
        elif together[0].lastgroup == "word":
            _add_path(found, text, together)
        else:
            _add_word(found, together[0])
    return found


def indexed(text: str) -> Indexed:
    """Return what an index keeps of a text."""
    words: list[str] = []
    further: list[tuple[int, str]] = []
    spellings: set[str] = set()
    for chunk in text.split():  # no piece contains white space
        found, others, spelt = _remembered_chunk(chunk) if len(chunk) <= _MOST_REMEMBERED else _indexed_piece(chunk)
        if others:
            further += [(len(words) + position, term) for position, term in others]
        words += found
        spellings.update(spelt)
    return Indexed(words, further, spellings)


@lru_cache(maxsize=100_000)
def _remembered_chunk(chunk: str) -> _OfPiece:
    # Without surrounding punctuation there are fewer different pieces, and more of them are in the cache.
    return _remembered_piece(chunk.strip(_AROUND).rstrip("."))


@lru_cache(maxsize=100_000)
def _remembered_piece(piece: str) -> _OfPiece:
    if piece.isascii() and piece.isalpha():  # most pieces are: this saves half of the time
        term = term_of(piece)
        return ((), (), ()) if term is None else ((term,), (), _spellings([piece]))
    return _indexed_piece(piece)


def _indexed_piece(text: str) -> _OfPiece:
    found = analyze(text)
    further = [(name.first, name.term) for name in found.names] + [(part.word, part.term) for part in found.parts]
    written = [text[word.start : word.end] for word in found.words]
    return tuple([word.term for word in found.words]), tuple(sorted(further)), _spellings(written)


def _spellings(words: Sequence[str]) -> tuple[str, ...]:
    return tuple([spelling for word in words if is_spelt(spelling := spelling_of(word))])


def spelling_of(word: str) -> str:
    """Return a word or name in lower case, NFKC-normalized if it is not ASCII."""
    return word.lower() if word.isascii() else _folded(word[:MAX_CHARACTERS_FOLDED])


def is_spelt(spelling: str) -> bool:
    """Return whether a word can be corrected: Latin, Greek or Cyrillic letters only, and 4 to 24 of them."""
    return _LEAST_SPELT <= len(spelling) <= _MOST_SPELT and spelling.isalpha() and max(spelling) < _BEHIND_ALPHABETS


def terms(text: str) -> list[str]:
    """Return the terms of a text's words in order, with repeats and without stop words."""
    return indexed(text).words


def query_terms(text: str) -> list[str]:
    """Return the terms of a query's words in order; in text without spaces, of each two neighbouring characters."""
    return [word.term for word in analyze(text, is_query=True).words]


def terms_in_place(text: str) -> list[Term]:
    """Return all terms of a text with their character offsets; names and parts overlap their words."""
    found: list[Term] = []
    for match in _CHUNK.finditer(text):  # no piece contains white space
        chunk, offset = match.group(), match.start()
        placed = _remembered_places(chunk) if len(chunk) <= _MOST_REMEMBERED else _places(chunk)
        found += [Term(term, offset + start, offset + end) for term, start, end in placed]
    return found


@lru_cache(maxsize=100_000)
def _remembered_places(chunk: str) -> tuple[tuple[str, int, int], ...]:
    return _places(chunk)


def _places(chunk: str) -> tuple[tuple[str, int, int], ...]:
    """Return (term, start, end) of each word, name and part, in order."""
    found = analyze(chunk)
    placed = [(word.term, word.start, word.end) for word in found.words]
    placed += [(name.term, name.start, name.end) for name in found.names]
    placed += [(part.term, part.start, part.end) for part in found.parts]
    return tuple(sorted(placed, key=lambda term: term[1:]))


def word_starts(text: str) -> list[int]:
    """Return the offsets at which words begin, stop words too; in text without spaces each character is a word."""
    return [match.start() for match in pieces_apart(text)]


def term_of(word: str) -> str | None:
    """Return the term of a single word or name, None for a stop word."""
    return _term_of((word if word.isascii() else _folded(word[:MAX_CHARACTERS_FOLDED]))[:MAX_WORD_CHARACTERS])


@lru_cache(maxsize=200_000)
def _term_of(word: str) -> str | None:
    """Lower-case, fold accents, drop Snowball's English stop words, stem (Porter)."""
    # The same as whoosh's filters, which take twice the time and import `urllib` and `email`.
    plain = word.lower().translate(WITHOUT_MARKS).replace(",", "")
    return str(stem(plain)) if plain and plain not in STOP_WORDS else None


@lru_cache(maxsize=20_000)
def _folded(word: str) -> str:
    """Return a word normalized to NFKC and case-folded: the same for all its compositions, widths and ligatures."""
    folded = unicodedata.normalize("NFKC", UNSEEN.sub("", word)).casefold()
    return _LOOSE.sub("", unicodedata.normalize("NFKC", folded))


def _add_word(found: Analysis, piece: Piece) -> None:
    if (term := term_of(piece.group())) is not None:
        found.words.append(Term(term, *piece.span()))
        if piece.lastgroup == "word":
            found.parts.extend(_parts(piece, len(found.words) - 1))


def _parts(piece: Piece, word: int) -> Iterator[Part]:
    written, (start, end) = piece.group(), piece.span()
    if len(written) > MAX_WORD_CHARACTERS or (written.isascii() and (written.isalpha() or written.isdigit())):
        return
    composed = written if written.isascii() else unicodedata.normalize("NFC", UNSEEN.sub("", written))
    for first, last in parts_of_word(composed):
        if (term := term_of(composed[first:last])) is not None:
            # Offsets in the composed word are offsets in the text only if the text is composed too.
            yield Part(term, word, *((start + first, start + last) if composed == written else (start, end)))


def _add_run(found: Analysis, units: Sequence[Piece], *, is_query: bool) -> None:
    words = [Term(_folded(unit.group()[:MAX_CHARACTERS_FOLDED]), *unit.span()) for unit in units]
    number = len(found.words)
    pairs = [Part(a.term + b.term, number + at, a.start, b.end) for at, (a, b) in enumerate(pairwise(words))]
    if is_query and pairs:
        found.words.extend(Term(pair.term, pair.start, pair.end) for pair in pairs)
    else:
        found.words.extend(words)
        found.parts.extend(pairs)


def _add_path(found: Analysis, text: str, words: Sequence[Piece]) -> None:
    """Add the words of a path, each of its names and the path itself."""
    number = len(found.words)
    if len(words) == 1:
        _add_words(found, text, words)
        return
    every = list(names(text, words))
    for name in every:
        _add_words(found, text, name)
    if len(every) > 1 and len(found.words) > number:
        _add_name(found, text, (words[0].start(), words[-1].end()), number)


def _add_words(found: Analysis, text: str, name: Sequence[Piece]) -> None:
    """Add the words of a name, and the name itself if it is more than one bare word."""
    first = len(found.words)
    for word in name:
        _add_word(found, word)
    span = span_of_name(text, name)
    if len(name) > 1 or span != name[0].span():
        _add_name(found, text, span, first)


def _add_name(found: Analysis, text: str, span: tuple[int, int], first: int) -> None:
    """Add a name whose first word has the number `first`; a name of stop words only (`AT&T`) is added as a word."""
    start, end = span
    term = term_of(without_separators(spelling_of(text[start : min(end, start + MAX_CHARACTERS_FOLDED)])))
    if term is None:
        return
    if len(found.words) > first:
        found.names.append(Name(term, first, len(found.words), start, end))
    else:
        found.words.append(Term(term, start, end))
