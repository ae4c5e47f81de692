"""The tokenizer: text → words, characters of text without spaces, and signs; and what joins words to names.

Regular expressions only. The one with the ranges of many scripts takes as long to compile as all others together, so it
is compiled only for a text that has such scripts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

# Invisible characters that do not separate words: soft hyphen, joiners, direction marks, variation selectors. The
# zero-width space is one of them, because web pages put it inside words.
_UNSEEN = (
    r"\u00ad\u034f\u061c\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\U000e0100-\U000e01ef"
)
# Combining accents and vowel signs are part of the word, although `\w` does not match them.
_MARKS = (
    r"\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0711\u0730-\u074a"
    r"\u07a6-\u07b0\u07eb-\u07f3\u0816-\u082d\u0859-\u085b\u0898-\u0963\u0966-\u0df3\u0e31\u0e33-\u0e3a\u0e47-\u0e4e"
    r"\u0eb1\u0eb3-\u0ebc\u0ec8-\u0ece\u0f18-\u0f39\u0f71-\u0f84\u0f86-\u0fbc\u102b-\u103e\u1056-\u109d\u135d-\u135f"
    r"\u1712-\u1734\u17b4-\u17d3\u17dd\u18a9\u1920-\u193b\u1a17-\u1a1b\u1a55-\u1a7f\u1ab0-\u1ace\u1b00-\u1b44"
    r"\u1b6b-\u1b73\u1b80-\u1bf3\u1c24-\u1c37\u1cd0-\u1cf9\u1dc0-\u1dff\u20d0-\u20f0\u2cef-\u2cf1\u2d7f-\u2dff"
    r"\u302a-\u302f\u3099\u309a\uff9e\uff9f\ua66f-\ua67d\ua69e-\ua6f1\ua802-\ua8f1\ua926-\ua953\ua980-\ua9c0"
    r"\uaa29-\uaa4d\uaa7b-\uaaef\uabe3-\uabed\ufb1e\ufe20-\ufe2f\U00010a01-\U00010a3f\U00011000-\U00011fff"
)
# Scripts without spaces between words: Chinese and Japanese, Thai, Lao, Myanmar, Khmer. Their digits form words.
_UNSPACED = (
    r"\u3005-\u3007\u3021-\u3029\u3031-\u3035\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff"
    r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9d\U00020000-\U0003ffff"
    r"\u0e01-\u0e30\u0e32\u0e40-\u0e46\u0e81-\u0eb0\u0eb2\u0ebd-\u0ec6\u0edc-\u0edf"
    r"\u1000-\u102a\u103f\u1050-\u1055\u1780-\u17b3\u17d7\u17dc\ua9e0-\ua9ef\ua9fa-\ua9fe\uaa60-\uaa7a"
)
# Emoji, arrows, currencies and other signs that a user may search for; no box-drawing characters. Two regional
# indicators make a flag. U+0338 is a stroke that negates the sign before it, as in an unequal sign.
_SIGNS = (
    r"[\U0001f1e6-\U0001f1ff]{2}|[<=>](?=\u0338)|[\u00a2-\u00a9\u00ac\u00ae\u00b0\u00b1\u00b6\u00d7\u00f7\u2020\u2021"
    r"\u20a0-\u20cf\u2100-\u214f\u2190-\u23ff\u25a0-\u27bf\u2900-\u2bff\U0001f000-\U0001f3fa\U0001f400-\U0001faff]"
)

# A consonant that U+1039 or U+17D2 stacks below the one before belongs to the same unit. A dot joins digits into one
# word (2.8.3), a comma joins thousands (500,000). Possessive quantifiers keep a word of a megabyte linear in time.
_IN_NUMBERS = r"(?<=\d)(?:\.(?=\d)|,(?=\d{3}(?!\d)))"
_PIECE = (
    rf"(?P<unit>[{_UNSPACED}](?:[\u1039\u17d2].|[{_MARKS}{_UNSEEN}])*+)"
    rf"|(?P<word>(?:[^\W_{_UNSPACED}][{_MARKS}{_UNSEEN}]*+|{_IN_NUMBERS})++)"
    rf"|(?P<sign>(?:{_SIGNS})[\u0300-\u036f{_UNSEEN}\U0001f3fb-\U0001f3ff]*+)"
)
# The same for text of Latin letters without combining marks, with typographic quotes, dashes and currencies.
_BEYOND_LATIN = re.compile(r"[^\x00-\xac\xae-\u02ff\u2010-\u2027\u2030-\u205e\u20a0-\u20bf]")
_LATIN_PIECE = re.compile(
    rf"(?P<word>(?:[^\W_]|{_IN_NUMBERS})++)"
    r"|(?P<sign>[\u00a2-\u00a9\u00ac\u00ae\u00b0\u00b1\u00b6\u00d7\u00f7\u2020\u2021\u20a0-\u20bf])"
)

CLASSES = {"unseen": _UNSEEN, "marks": _MARKS, "unspaced": _UNSPACED, "signs": _SIGNS}
"""What stands in the patterns for kinds of characters: the ranges of three, and a pattern for signs."""

UNSEEN = re.compile(rf"[{_UNSEEN}\U0001f3fb-\U0001f3ff]+")
"""Invisible characters, and skin tone modifiers of emoji."""

_OF_NAMES = re.compile(r"_++|\++|[\-\u2010\u2011.&@]")
_OF_PATHS = re.compile(r"[/\\]|::")
# What distinguishes --flag, .NET, C++ and C# from the bare word.
_BEFORE = re.compile(r"(?<![\w.\-])(?:--|\.)(?=[^\W\d_])")
_SIGNS_BEFORE = ("--", ".")
_BEHIND = re.compile(r"(?:\+\+|#)(?!\w)")

# Separators that make no difference inside a name; between digits they distinguish numbers.
_SEPARATORS = r"[\-\u2010\u2011._/\\:]+"
_BETWEEN_WORDS = re.compile(rf"(?<=[^\W\d_]){_SEPARATORS}(?=\w)|(?<=\d){_SEPARATORS}(?=[^\W\d_])")

_OF_IDENTIFIERS = re.compile(r"[_.&@+#\\]|::|^--|/.*/")
_DIGIT = re.compile(r"\d")
_WORD_OF_THREE = re.compile(r"[^\W\d_]{3,}")

Piece = re.Match[str]


@cache
def _every_piece() -> re.Pattern[str]:
    return re.compile(_PIECE)


def pieces_apart(text: str) -> Iterator[Piece]:
    """Yield each word, each character of text without spaces, and each sign."""
    return (_every_piece() if _BEYOND_LATIN.search(text) else _LATIN_PIECE).finditer(text)


def pieces(text: str) -> Iterator[list[Piece]]:
    """Yield groups of pieces without a space in between: characters of a run, words of a path, or one sign."""
    together: list[Piece] = []
    for piece in pieces_apart(text):
        if together and not _belongs(text, together[-1], piece):
            yield together
            together = []
        together.append(piece)
    if together:
        yield together


def _belongs(text: str, before: Piece, piece: Piece) -> bool:
    kind = piece.lastgroup
    if kind != before.lastgroup or kind == "sign":
        return False
    if kind == "unit":
        return before.end() == piece.start()
    between = (text, before.end(), piece.start())
    return bool(_OF_NAMES.fullmatch(*between) or _OF_PATHS.fullmatch(*between))


def names(text: str, words: Sequence[Piece]) -> Iterator[list[Piece]]:
    """Yield the words of each name of a path."""
    name = [words[0]]
    for word in words[1:]:
        if _OF_PATHS.fullmatch(text, name[-1].end(), word.start()):
            yield name
            name = []
        name.append(word)
    yield name


def span_of_name(text: str, words: Sequence[Piece]) -> tuple[int, int]:
    """Return the start and end offset of a name, with the signs that belong to it."""
    start, behind = words[0].start(), _BEHIND.match(text, words[-1].end())
    for sign in _SIGNS_BEFORE if start else ():
        if text.endswith(sign, 0, start) and _BEFORE.match(text, start - len(sign)):
            start -= len(sign)
            break
    return start, behind.end() if behind else words[-1].end()


def without_separators(name: str) -> str:
    """Return a name without the separators of its words, so that all ways to join them are equal."""
    return _BETWEEN_WORDS.sub("", name)


def is_identifier(name: str) -> bool:
    """Return whether a name is an identifier (`ORA-00942`), not a compound of a natural language (`pre-post`)."""
    if _OF_IDENTIFIERS.search(name) or not any(character.islower() for character in name):
        return True
    return bool(_DIGIT.search(name)) and not any(word[1:].islower() for word in _WORD_OF_THREE.findall(name))


# Letters then a number, or a number then letters, and nothing else: hashes and serial numbers are not split.
_LETTERS_AND_NUMBER = re.compile(r"([^\W\d_]{2,}|[^\W\d_](?=\d+\.))(\d[\d.]*+)|(\d[\d.]*+)([^\W\d_]{2,})")
_BETWEEN_COMMAS = re.compile(r"[^,]+")
_HANGUL = r"(?P<hangul>[\uac00-\ud7a3]+)|[^\uac00-\ud7a3]+"


def parts_of_word(word: str) -> list[tuple[int, int]]:
    """Return the spans of a word's parts: letters and number, groups of thousands, or Hangul; empty if it has none.

    Each two neighbouring Hangul syllables are a part, so that a noun is found with any particle after it.
    """
    if (
        not word.isascii()
        and (stretches := list(re.finditer(_HANGUL, word)))
        and any(found["hangul"] for found in stretches)
    ):
        return [part for stretch in stretches for part in _parts_of_stretch(stretch)]
    if "," in word:
        return [part.span() for part in _BETWEEN_COMMAS.finditer(word)]
    match = _LETTERS_AND_NUMBER.fullmatch(word)
    return [match.span(group) for group in (1, 2, 3, 4) if match[group]] if match else []


def _parts_of_stretch(stretch: re.Match[str]) -> list[tuple[int, int]]:
    start, end = stretch.span()
    if not stretch["hangul"] or end - start == 1:
        return [(start, end)] if end - start < len(stretch.string) else []
    if end - start == 2 == len(stretch.string):  # a noun of one syllable
        return [(start, start + 1)]
    return [(at, at + 2) for at in range(start, end - 1)]


def has_pieces(text: str) -> bool:
    """Return whether a text has anything to search for, even if only a stop word."""
    return next(pieces_apart(text), None) is not None
