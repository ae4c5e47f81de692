"""Finds a title for notes in their text; the name of a part or of a kind of file is never a title."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import PurePath
from typing import NamedTuple

from ingest.format import FORMAT
from ingest.kinds import Kind, KindTable
from ingest.markdown.plain import plain_inline
from ingest.markdown.sentences import sentences
from kb.codify.labels.labels import label_of
from kb.codify.labels.names import kind_of_name
from kb.codify.labels.roles import role_of
from kb.codify.labels.title_words import LONGEST_TITLE, TITLE_LABELS, names_its_kind_first, says_something
from kb.codify.notes.outlined import Outlined
from kb.codify.notes.piece import Piece
from kb.codify.proposals.asides import is_aside
from kb.codify.sources.chat import messages_in
from kb.codify.sources.mail import FORWARDED, MAIL_NAMES, unanswered
from kb.figures.table_rows import cells_of, is_rule
from kb.lessons.stated import is_answer

_GREETING = re.compile(
    r"(?:hi|hello|hey|dear|morning|good (?:morning|afternoon|evening)|hallo|moin|guten (?:morgen|tag)|liebe\w*|bonjour"
    r"|bonsoir|salut|ch\u00e8re?s?|hola|buen[oa]s (?:d\u00edas|tardes)|estimad\w+)"
    r"(?:\s[^\s,.:!?]+){0,2}\s*[,!:\u2013]+\s*"
    r"|(?:all|team|folks|everyone|everybody|thanks(?:\s\w+)?|ok(?:ay)?|so|well)\s*[,!:]\s*|(?:ok(?:ay)?|so)\s"
    r"|(?:(?:quick|short|kurze|petite)\s)?(?:question|frage|heads[ -]up|fyi|update|note)\s*[:,\u2013-]\s*"
    r"|[@#][\w.-]+[,:]?\s*",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]+")
_ITEM = re.compile(r"\s*(?:[-*+\u2022\u2013]|\d{1,9}[.)])\s+(?:\[[ xX]\]\s+)?")
_NO_PROSE = re.compile(
    r"\s*(?:#{1,6}\s|```|~~~|</?\w|<!--|!?\[[^\]]*\](?::|\(.*\)\s*$|\[[^\]]*\]\s*$)|[-=_*]{3,}\s*$|https?:\S+\s*$)"
)
_LINK_WITHIN = re.compile(r"\s*(?:(?:[-*+]|\d{1,9}[.)])\s+)?(?:\*\*|__)?\[.*\]\(#[^()]*\)\s*(?:\*\*|__)?\s*")
"""A row of a table of contents."""
_FEWEST_WORDS = 3
_FEWEST_OF_PROBLEM = 2
_REFERS = re.compile(r"(?:see|cf\.?|siehe|s\.|vgl\.?|voir|ver|v\u00e9ase)\s", re.IGNORECASE)
_RUNS_ON = re.compile(
    r"(?:[,\u2013\u2014(-]|\b(?:the|an?|of|and|or|but|to|in|on|at|for|with|by|from|that|which|who|is|are|was|were|we|it|not"
    r"|der|die|das|dem|den|und|oder|von|mit|zu|im|am|ist|sind|le|la|les|de|des|du|et|ou|\u00e0|au|est|que|el|los|las|y|en|con"
    r"|para|por|es))$",
    re.IGNORECASE,
)
"""Endings of a line that continues on the next."""
_SUBORDINATE = re.compile(
    r"(?:when|if|as|after|before|because|while|since|although|wenn|als|weil|nachdem|obwohl|quand|si|comme|cuando|porque)\s",
    re.IGNORECASE,
)
_DIRECTIONS = "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\ufeff "
"""Invisible marks for the writing direction."""
_SEPARATORS = tuple(
    (re.compile(sign), re.compile(rf"[^\s\d]{sign}|{sign}[^\s\d]")) for sign in (r",(?! )", r";(?! )", r"\t")
)
"""Separators in a file of values; the second pattern needs a non-digit on one side, as `1,5` is one number."""
_CLAUSE_END = re.compile(r";\s|\s[\u2013\u2014-]\s|,\s(?:and|but|so|which|because|und|aber|weil|et|mais|y|pero)\s")
_SHORTEST_CLAUSE = 30
_ENDS = " \t,;:\u2013\u2014-"
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f\uac00-\ud7af]{4}")
_SENTENCE_END = re.compile(r"[.,;:!?]\s*$")
_UNIT_THEN_SENTENCE = re.compile(r"(?<=\d\s[A-Za-z])\.\s+(?=[^\W\d_a-z])")
"""The full stop in `... until 13 h. Then ...` ends a sentence, not an abbreviation."""
_LOOKED_AT = 40
"""Number of rows at the top; a title is among the first three that are not blank."""
_TOP = 3
_WIDTH = 72
_READ = 2_000
"""Number of characters read of a paragraph."""
_KINDS = KindTable()
_BEFORE_TITLES = TITLE_LABELS | {"summary", "zusammenfassung", "r\u00e9sum\u00e9", "resumen"}
"""Issue trackers have the title after `Summary:`."""
_MADE_BY_A_MACHINE = re.compile(r"[0-9a-f ]{8,}")


class Title(NamedTuple):
    """A title, and its source if a person has to check it."""

    text: str
    proposed: str = ""

    def opened_from(self, source: str) -> Title:
        """Return a title from a mail or a page; its comment names that, because line numbers differ from the file's."""
        is_counted = bool(source) and self.proposed.startswith("proposed from line ")
        return self._replace(proposed=f"proposed from the {source}") if is_counted else self


def title_of(
    outlined: Outlined, pieces: Sequence[Piece], labelled: Iterable[tuple[int, str]], rows: Sequence[str], name: str
) -> Title:
    """Return the notes' own title, or a proposed one; `rows` are those of the file, without quotes."""
    is_chat = bool(messages_in(rows))
    if outlined.head and says_something(outlined.head.title):
        return Title(outlined.head.title)
    for row, value in labelled:
        if says_something(value) and len(value.split()) > 1:
            return Title(_capital(_shortened(value)), f"proposed from line {row + 1}")
    lines = (line for line in (outlined.lone_line, *_named_lines(rows)) if line)
    if line := next((line for line in lines if says_something(plain_inline(line))), ""):
        return Title(_shortened(_without_label(plain_inline(line))), _from_line(line, rows))
    if says_something(outlined.first_heading):
        return Title(outlined.first_heading)
    problem = [piece for piece in pieces if piece.kind is Kind.PROBLEM]
    found = _from_text(problem, rows, _FEWEST_WORDS, is_chat=is_chat)
    word = None if found else _from_text(problem[:1], rows, 1, is_chat=is_chat)
    if word and is_answer(word.text) and not _REFERS.match(word.text):
        found = _from_name(name) or word
    found = found or _from_text(pieces, rows, _FEWEST_WORDS, is_chat=is_chat) or _from_name(name)
    return found or _from_text(pieces, rows, 1, is_chat=is_chat) or _first_words(rows)


def _named_lines(rows: Sequence[str]) -> Iterator[str]:
    """Yield lines at the top that were ended on purpose, as a title is; none in a chat, whose lines are messages."""
    if messages_in(rows[:_LOOKED_AT]):
        return
    top = [row for row in rows[:_LOOKED_AT] if row.strip()][:_TOP]
    for line, below in pairwise(top):
        if not _is_titlelike(line) or not _is_broken_off(line, below) or _is_of_csv(line, below):
            return
        yield line.strip()
        if says_something(plain_inline(line)):
            return


def _is_titlelike(line: str) -> bool:
    plain = line.strip()
    if len(plain) > LONGEST_TITLE or not plain[:1].isalnum() or plain[:1].islower():
        return False
    if _stands_apart(line) or _ITEM.match(line) or _SENTENCE_END.search(line):
        return False
    label = label_of(line)
    return not (label and label.text) or names_its_kind_first(plain_inline(line))


def _is_broken_off(line: str, below: str) -> bool:
    first = (below.split() or [""])[0]
    return not below[:1].islower() and len(line) + 1 + len(first) <= _WIDTH


def _from_text(pieces: Sequence[Piece], rows: Sequence[str], fewest: int, *, is_chat: bool) -> Title | None:
    """Return the first sentence with at least `fewest` words, of the problem, else of the other text; shortened.

    Two words are enough for the beginning of the problem: `Problem: login fails`.
    """
    for piece in sorted(pieces, key=lambda piece: (piece.kind is not Kind.PROBLEM, piece.kind is not Kind.OTHER)):
        for number, line in enumerate(_paragraphs(piece.unnamed or piece.rows, is_chat=is_chat)):
            is_first = piece.kind is Kind.PROBLEM and not number and not _REFERS.match(line)
            if _has_words(line, min(fewest, _FEWEST_OF_PROBLEM) if is_first else fewest) and says_something(line):
                return Title(_shortened(line), _from_line(line, rows))
    return None


def _has_words(line: str, fewest: int) -> bool:
    return len(_WORD.findall(line)) >= fewest or bool(_UNSPACED.search(line))


def _paragraphs(rows: Sequence[str], *, is_chat: bool) -> Iterator[str]:
    """Yield the first sentence of each paragraph, item and message; of a forwarded mail only from its text.

    In a message, each line counts as a paragraph.
    """
    messages = {message.row: message for message in messages_in(rows, is_chat=is_chat)}
    forwarded = next((row + 1 for row, line in enumerate(rows) if FORWARDED.fullmatch(line)), 0)
    paragraph: list[str] = []
    text = forwarded or min(messages, default=0)
    for number in range(text, len(rows)):
        message = messages.get(number)
        if message or messages or _ITEM.match(rows[number]) or _stands_apart(rows[number]):
            yield from _sentences(paragraph)
            paragraph = []
        if message:
            text = message.text + (message.text == number)
            paragraph = [message.first_line] if message.text == number and not message.is_system else []
        elif number >= text and not _stands_apart(rows[number]) and not _LINK_WITHIN.fullmatch(rows[number]):
            paragraph.append(_unmarked(rows[number]))
    yield from _sentences(paragraph)


def _stands_apart(row: str) -> bool:
    """Return whether a row is not part of a paragraph: blank, a heading, code, an image, or a table row."""
    return not row.strip() or bool(_NO_PROSE.match(row) or cells_of(row)) or is_rule(row)


def _sentences(rows: Sequence[str]) -> Iterator[str]:
    """Yield the first sentence of a paragraph without markup, label and greeting; none for people, dates and goals.

    A line that was ended on purpose is a paragraph of its own.
    """
    rows = [re.sub(r"^\s*(?:>\s?)+", "", row).rstrip(" \\") for row in rows]
    while rows and _is_no_content(rows[0]):
        rows = rows[1:]
    if len(rows) > 1 and _is_of_csv(rows[0], rows[1]):
        return
    for line in _lines(rows):
        text = plain_inline(" ".join(" ".join(map(_unlabelled, line)).split())[:_READ])
        while (found := _GREETING.match(text)) and _has_words(text[found.end() :], _FEWEST_WORDS):
            text = text[found.end() :]
        if first := next(iter(sentences(text)), ""):
            yield _capital(_UNIT_THEN_SENTENCE.split(first, maxsplit=1)[0])


def _lines(rows: Sequence[str]) -> Iterator[list[str]]:
    """Yield groups of rows that belong together: all rows of a wrapped text, else each with its continuation."""
    if _is_wrapped(rows):
        yield list(rows)
        return
    line: list[str] = []
    for row, below in pairwise([*rows, ""]):
        line.append(row)
        stripped = row.strip()
        goes_on = line[0].lstrip()[:1].isupper() and below.lstrip()[:1].islower()
        if (
            goes_on
            or not _has_words(stripped, _FEWEST_WORDS)
            or _RUNS_ON.search(stripped)
            or _SUBORDINATE.match(stripped)
        ):
            continue
        yield line
        line = []
    yield line


def _is_wrapped(rows: Sequence[str]) -> bool:
    """Return whether a paragraph is wrapped: on no row would the first word of the next row still have fitted."""
    width = max(map(len, rows), default=0)
    return all(len(row) + 1 + len((below.split() or [""])[0]) > width for row, below in pairwise(rows))


def _unmarked(row: str) -> str:
    found = _ITEM.match(row)
    return row[found.end() :] if found else row


def _unlabelled(row: str) -> str:
    label = label_of(row)
    return label.text if label and kind_of_name(label.written, _KINDS) is not Kind.OTHER else row


def _without_label(line: str) -> str:
    """Return a title without `Title:`, `Subject:` or `Summary:` before it; `Incident 7: all down!` is unchanged."""
    label = label_of(line)
    if not label or not label.has_colon or not label.text or label.written[-1:].isdigit():
        return line
    return _capital(unanswered(label.text)) if label.name in _BEFORE_TITLES else line


def _is_of_csv(line: str, below: str) -> bool:
    """Return whether two rows, the first a header, are of a file with commas, semicolons or tabs between values."""
    return any(head.search(line) and len(sign.findall(line)) == len(sign.findall(below)) for sign, head in _SEPARATORS)


def _capital(line: str) -> str:
    """Return a sentence with a capital first letter, unless it begins with a name such as `eBay` or `kb-search`."""
    first = next(iter(line.split()), "").rstrip(",.:;")
    return line[:1].upper() + line[1:] if first.isalpha() and first.islower() else line


def _is_no_content(row: str) -> bool:
    label = label_of(row)
    if not label or not label.has_colon:
        return False
    is_header = label.name in MAIL_NAMES or label.name in FORMAT.keys
    return (
        is_header
        or is_aside(label.name)
        or role_of(label.name) is not None
        or not _has_words(label.text, _FEWEST_WORDS)
    )


def _from_name(name: str) -> Title | None:
    stem = " ".join(re.split(r"[-_\s]+", PurePath(name).stem)).strip()
    if re.search(r"[^\W\d_]{3}", stem) and not _MADE_BY_A_MACHINE.fullmatch(stem) and says_something(stem):
        return Title(stem, "proposed from the name of the file")
    return None


def _first_words(rows: Sequence[str]) -> Title:
    """Return the first words of the text as title; empty for a table, because a column name is no title."""
    top = [(row, line) for row, line in enumerate(rows) if line.strip() and not is_rule(line)][:_TOP]
    top = [(row, line) for row, line in top if not cells_of(line)]
    if not top or (len(top) > 1 and _is_of_csv(top[0][1], top[1][1])):
        return Title("")
    number, first = top[0]
    return Title(_shortened(plain_inline(first[: 10 * LONGEST_TITLE])), f"proposed from line {number + 1}")


def _from_line(line: str, rows: Sequence[str]) -> str:
    """Return a comment that names the line of a sentence, which may lack its markup."""
    words = _WORD.findall(plain_inline(line).casefold())[:_FEWEST_WORDS]
    for number, row in enumerate(rows):
        if row.strip() and _contains(_WORD.findall(plain_inline(row).casefold()), words):
            return f"proposed from line {number + 1}"
    return "proposed from the text"


def _contains(words: Sequence[str], part: Sequence[str]) -> bool:
    return any(words[at : at + len(part)] == part for at in range(len(words) - len(part) + 1))


def _shortened(text: str) -> str:
    """Return a text cut to a title's length, after a clause if possible, else after a word, without a full stop."""
    text = " ".join(text.strip(_DIRECTIONS).split())
    if len(text) > LONGEST_TITLE:
        cut = text[: LONGEST_TITLE + 1]
        clause = max((found.start() for found in _CLAUSE_END.finditer(cut)), default=0)
        at_word = cut.rsplit(" ", 1)[0] if " " in cut else cut[:LONGEST_TITLE]
        text = cut[:clause] if clause >= _SHORTEST_CLAUSE else at_word
    return text.rstrip(_ENDS) if not text.endswith(".") or text.endswith("..") else text[:-1].rstrip(_ENDS)
