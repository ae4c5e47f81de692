"""Splits a lesson's text into passages: slices of the file that fit the encoder's window."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import chain, pairwise
from typing import TYPE_CHECKING
from unicodedata import category

from ingest.kinds import Kind
from ingest.markdown.comments import begins_for_kb
from ingest.markdown.line_table import LineTable
from ingest.passages.passage import Origin, Passage
from ingest.window import Window

if TYPE_CHECKING:
    from ingest.reading import Reading, Statement
    from ingest.section import Section

# An unknown word of a megabyte may be a single token, but is too long to be shown as a passage.
MAX_PASSAGE_CHARACTERS = 4000
# Title and heading path may take up to this share of the window; the slice gets the rest.
_MAX_CONTEXT_SHARE = 0.25
_MAX_CONTEXT_CHARACTERS = 1000
_BLANK_LINES = re.compile(r"\A(?:[^\S\n]*\n)+")
# Gaps in text without spaces: separators of table cells and of data, other whitespace.
_GAP = re.compile(r"(?:[\s;|]|(?<!\d),|,(?!\d))+")
_IN_NAME = re.compile(r"[-.,&@+'\u2010\u2011\u2019]")
"""Characters that belong to a name if they stand between two letters or digits."""
_SENTENCE_ENDS = (". ", "! ", "? ", "; ", "。", "！", "？")  # noqa: RUF001 - Chinese and Japanese too


def split_lesson(reading: Reading, window: Window) -> list[Passage]:
    """Split a lesson into its passages: the statements of its front matter, then its body in order.

    Every visible line of the body that is not a heading is in exactly one passage. Each passage fits `window`
    together with its context. Neighbouring sections of one kind are joined while they fit.
    """
    passages = [
        Passage(origin, Kind.PROBLEM, (), statement.lines, piece)
        for origin, statement in _statements(reading)
        for piece in _split_statement(statement.text, window)
    ]
    text = reading.seen_text
    lines = LineTable.of(text)
    spans = [_offsets(lines, section, section) for section in reading.sections]
    token_starts = _token_starts(text, spans, window)
    cutter = _Cutter(text, token_starts, [lines.offset(start) for start, _ in reading.blocks])
    for group in _groups(reading, cutter, text, lines, window):
        headings = _common_path([section.headings for section in group])
        context, room = _context(reading.lesson.title, headings, window)
        start, end = _offsets(lines, group[0], group[-1])
        for left, right in cutter.cut(start, end, room):
            slice_ = _BLANK_LINES.sub("", text[left:right]).rstrip()
            first, _ = lines.place(right - len(text[left:right].lstrip()))
            rows = (first, first + slice_.count("\n") + 1)
            passages.append(Passage(Origin.BODY, group[0].kind, headings, rows, slice_, context))
    if not any(passage.origin is Origin.BODY for passage in passages):
        # An empty file, or one with front matter only, must still be found by its title.
        passages.append(Passage(Origin.BODY, Kind.OTHER, (), (0, 1), "", _context(reading.lesson.title, (), window)[0]))
    return passages


def _statements(reading: Reading) -> Iterator[tuple[Origin, Statement]]:
    if reading.summary:
        yield Origin.SUMMARY, reading.summary
    for answer in reading.answers:
        yield Origin.ANSWER, answer


def _split_statement(text: str, window: Window) -> Iterator[str]:
    cutter = _Cutter(text, window.token_starts([text])[0], [])
    for start, end in cutter.cut(0, len(text), window.capacity):
        yield text[start:end].strip()


def _token_starts(text: str, spans: Sequence[tuple[int, int]], window: Window) -> list[int]:
    """Return the ascending offsets of all tokens of the spans, in the whole text; each span is tokenized once."""
    counted = window.token_starts([text[start:end] for start, end in spans])
    return [start + offset for (start, _), offsets in zip(spans, counted, strict=True) for offset in offsets]


def _offsets(lines: LineTable, first: Section, last: Section) -> tuple[int, int]:
    """Return the offsets of the beginning of one section and the end of another."""
    return lines.offset(first.lines[0]), lines.offset(last.lines[1])


def _groups(reading: Reading, cutter: _Cutter, text: str, lines: LineTable, window: Window) -> Iterator[list[Section]]:
    """Yield groups of sections: each is joined with the next ones of the same kind and parent, while they fit."""
    room = int(window.capacity * (1 - _MAX_CONTEXT_SHARE))
    unanswered = set(_unanswered(reading))
    group: list[Section] = []
    for section, following in pairwise([*reading.sections, None]):
        assert section is not None
        if group and group[-1].lines[1] == section.lines[0] and _joins(group[0], section):
            start, end = _offsets(lines, group[0], section)
            if cutter.fits(start, end, room):
                group.append(section)
                continue
        body = text[lines.offset(section.body_line) : lines.offset(section.lines[1])]
        stands_alone = section.headings and not _is_below(following, section) and section not in unanswered
        if body.strip() or stands_alone:
            if group:
                yield group
            group = [section]
        elif group:
            # A heading without a text of its own is in the heading path of the sections below it.
            yield group
            group = []
    if group:
        yield group


def _unanswered(reading: Reading) -> Iterator[Section]:
    """Yield the sections of a template that contain a prompt of kb and no visible text."""
    if "<!--" in reading.text:
        rows, seen = reading.text.split("\n"), reading.seen_text.split("\n")
        for section in reading.sections:
            below = slice(section.body_line, section.lines[1])
            if any(map(begins_for_kb, rows[below])) and not any(map(str.strip, seen[below])):
                yield section


def _is_below(section: Section | None, parent: Section) -> bool:
    return section is not None and len(section.headings) > len(parent.headings) > 0


def _joins(first: Section, section: Section) -> bool:
    parent = first.headings[:-1]
    return section.kind == first.kind and section.headings[: len(parent)] == parent


def _common_path(paths: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    common = []
    for titles in zip(*paths, strict=False):
        if len(set(titles)) > 1:
            break
        common.append(titles[0])
    return tuple(common)


def _context(title: str, headings: Sequence[str], window: Window) -> tuple[str, int]:
    """Return title and heading path, cut to their share of the window, and the number of tokens left for the slice."""
    path = [heading for heading in headings if heading != title]
    context = "\n".join([title, " > ".join(path)] if path else [title])[:_MAX_CONTEXT_CHARACTERS]
    starts = window.token_starts([context])[0]
    most = int(window.capacity * _MAX_CONTEXT_SHARE)
    if len(starts) > most:
        context = context[: starts[most]].rstrip()
    return context, window.capacity - min(len(starts), most)


class _Cutter:
    """Cuts spans of one text into pieces of at most `capacity` tokens, at the coarsest boundary possible.

    The boundaries, coarsest first: blocks, lines, sentences, spaces, other gaps, names, words, tokens. A word that
    fits is never cut. The pieces of one oversized part get about equal lengths, so that the last is not very short.
    """

    def __init__(self, text: str, token_starts: Sequence[int], block_starts: Sequence[int]) -> None:
        self._text = text
        self._token_starts = token_starts
        self._block_starts = block_starts
        self._levels = (self._blocks, self._lines, self._sentences, self._spaces, self._gaps, self._names, self._words)

    def cut(self, start: int, end: int, capacity: int) -> Iterator[tuple[int, int]]:
        """Yield the offsets of the pieces in order; no character of the span is lost except whitespace."""
        for left, right in self._cut(start, end, capacity, 0):
            if self._text[left:right].strip():
                yield left, right

    def fits(self, start: int, end: int, capacity: int) -> bool:
        return end - start <= MAX_PASSAGE_CHARACTERS and self._tokens(start, end) <= capacity

    def _cut(self, start: int, end: int, capacity: int, level: int) -> Iterator[tuple[int, int]]:
        if self.fits(start, end, capacity) or level > len(self._levels):
            yield start, end
            return
        cuts = self._levels[level] if level < len(self._levels) else partial(self._parts_of_words, capacity)
        left = start
        for here, there in pairwise([start, *cuts(start, end), end]):
            if there <= left:
                continue
            target = self._target(left, end, capacity)
            if not self.fits(here, there, capacity):
                if self._tokens(left, here) > target / 2:
                    yield left, here
                    left = here
                # A rest that is too short for a piece of its own is included, such as a last line.
                right = end if self._tokens(there, end) < target / 2 else there
                yield from self._cut(left, right, capacity, level + 1)
                left = right
            elif left < here and (
                not self.fits(left, there, capacity)
                or self._tokens(left, there) - target > target - self._tokens(left, here)
            ):
                yield left, here
                left = here
        if left < end:
            yield left, end

    def _target(self, start: int, end: int, capacity: int) -> float:
        """Return the number of tokens that the next piece should have, so that all remaining ones are equally long."""
        tokens = self._tokens(start, end)
        return tokens / max(-(-tokens // capacity), 1)

    def _tokens(self, start: int, end: int) -> int:
        return bisect_left(self._token_starts, end) - bisect_left(self._token_starts, start)

    def _blocks(self, start: int, end: int) -> list[int]:
        return list(self._block_starts[bisect_right(self._block_starts, start) : bisect_left(self._block_starts, end)])

    def _lines(self, start: int, end: int) -> list[int]:
        return _after_each(self._text, "\n", start, end)

    def _sentences(self, start: int, end: int) -> list[int]:
        return sorted({offset for mark in _SENTENCE_ENDS for offset in _after_each(self._text, mark, start, end)})

    def _spaces(self, start: int, end: int) -> list[int]:
        return _after_each(self._text, " ", start, end)

    def _gaps(self, start: int, end: int) -> list[int]:
        return [gap.end() for gap in _GAP.finditer(self._text, start, end) if gap.end() < end]

    def _names(self, start: int, end: int) -> list[int]:
        """Return the offsets at which no word, number or name such as `rock-and-roll` is cut."""
        words, text = self._words(start, end), self._text
        joined = {
            sign.start() + side
            for sign in _IN_NAME.finditer(text, start + 1, end - 1)
            if _is_of_word(text[sign.start() - 1]) and _is_of_word(text[sign.end()])
            for side in (0, 1)
        }
        return [place for place in words if place not in joined]

    def _words(self, start: int, end: int) -> list[int]:
        """Return the offsets at which no word is cut: also before and after each punctuation mark."""
        of_word = [_is_of_word(sign) for sign in self._text[start:end]]
        return [start + place for place in range(1, len(of_word)) if not (of_word[place - 1] and of_word[place])]

    def _parts_of_words(self, capacity: int, start: int, end: int) -> list[int]:
        words = self._words(start, end)
        inside = (self._parts(*word) for word in pairwise([start, *words, end]) if not self.fits(*word, capacity))
        return sorted(chain(words, *inside))

    def _parts(self, start: int, end: int) -> list[int]:
        """Return the offsets at which a word may be cut: its tokens, and equal parts of a token that is too long."""
        starts = self._token_starts
        breaks = list(starts[bisect_right(starts, start) : bisect_left(starts, end)])
        for here, there in pairwise([start, *breaks, end]):
            pieces = -(-(there - here) // MAX_PASSAGE_CHARACTERS)
            breaks += [here + (there - here) * piece // pieces for piece in range(1, pieces)]
        return breaks


def _is_of_word(sign: str) -> bool:
    """Return whether a character is a letter, a digit, `_`, or a mark of one: an accent, a vowel sign, a joiner."""
    return sign.isalnum() or sign == "_" or (not sign.isascii() and category(sign) in ("Mn", "Mc", "Me", "Cf"))


def _after_each(text: str, mark: str, start: int, end: int) -> list[int]:
    found = []
    position = text.find(mark, start, end)
    while 0 <= position < end - 1:
        found.append(position + len(mark))
        position = text.find(mark, position + len(mark), end)
    return found
