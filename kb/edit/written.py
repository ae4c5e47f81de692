"""A front matter as its author wrote it: the rows of each key, and the style of its values."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ingest.format import FORMAT
from ingest.front_matter.places import Places, Span, Steps
from ingest.front_matter.yaml_block import parse_front_matter
from ingest.markdown.line_table import LineTable
from ingest.reading import Reading
from kb.edit.edit import Edit

_DASH = 2
_STEP = 2
_COLON = re.compile(r"\s*:(?=\s|$)")
_ALIAS = re.compile(r"\s+(\*\S+)")
_FLOW = re.compile(r"(?:[&!]\S*\s+)*[\[{]")
_BLOCK_SCALAR = re.compile(r"(?:[&!]\S*\s+)*[|>]")
_COMMENT = re.compile(r"(?:^|(?<=\s))#.*")
_DASHED = re.compile(r" *- +")


@dataclass(frozen=True, slots=True)
class ItemRows:
    """The rows of one item of a list, numbered from 0 as lines of the file."""

    above: int
    """The first row of the comments directly above it; without comments equal to `start`."""
    start: int
    """The row of its dash."""
    end: int
    """The row after its last row."""


@dataclass(frozen=True)
class KeyRows:
    """The rows of a front matter. Rows are lines of the file, numbered from 0; ranges are half-open."""

    reading: Reading
    end: int
    """The row of the closing fence."""

    @classmethod
    def of(cls, reading: Reading) -> KeyRows:
        assert reading.front_matter
        return cls(reading, reading.front_matter[1])

    @cached_property
    def rows(self) -> list[str]:
        return self.reading.text.split("\n")

    @cached_property
    def places(self) -> Places:
        return self.reading.matter.places()

    @cached_property
    def _lines(self) -> LineTable:
        return LineTable.of(self.reading.text)

    @property
    def column(self) -> int:
        """The column in which the top-level keys begin."""
        return next((span.column for steps, span in self.places.keys.items() if len(steps) == 1), 0)

    def has(self, key: str) -> bool:
        """Return whether a key is written here itself, not only merged in from an anchor (`<<`)."""
        return (key,) in self.places.keys

    def value(self, key: str) -> Any:
        return self.reading.lesson.metadata[key]

    def rows_of(self, key: str) -> tuple[int, int]:
        """Return the rows of a key and its value, without trailing blank rows and comments before the next key."""
        start, end = self.places.keys[(key,)].line, self.next_row(key)
        text_end = self._end_of_texts(start, end)
        while end > max(start + 1, text_end) and not _COMMENT.sub("", self.rows[end - 1]).strip():
            end -= 1
        return start, end

    def next_row(self, key: str) -> int:
        """Return the row of the next key, or of the closing fence."""
        start = self.places.keys[(key,)].line
        later = (span.line for steps, span in self.places.keys.items() if len(steps) == 1 and span.line > start)
        return min(later, default=self.end)

    def _end_of_texts(self, start: int, end: int) -> int:
        """Return the row after the last scalar in some rows; within a scalar, `#` may not begin a comment."""
        parents = _parents_in(self.places)
        ends = [
            min(span.end_line + (span.end_column > 0), end)
            for steps, span in self.places.values.items()
            if start <= span.line < end and (self.is_flow(span) or steps not in parents)
        ]
        last = max(ends, default=start)
        while last > start and not self.rows[last - 1].strip():
            last -= 1
        return last

    def row_for(self, key: str) -> int:
        """Return the row before which a new key belongs, by the order of the format."""
        known = [*FORMAT.keys]
        first = self.reading.front_matter[0] if self.reading.front_matter else 0
        if not self.places.keys and not self.rows[first].strip():
            return first  # prose between two rules also begins with an empty line
        if key not in known or not self.places.keys:
            return self.end
        before = [name for name in known[: known.index(key)] if self.has(name)]
        return self.rows_of(before[-1])[1] if before else first

    def value_span(self, key: str) -> Span:
        """Return the span of a value: for an alias that of the alias itself, for an empty value after the colon."""
        name, value = self.places.keys[(key,)], self.places.values[(key,)]
        row = self.rows[name.end_line]
        colon = _COLON.match(row, name.end_column)
        after = colon.end() if colon else name.end_column
        if alias := _ALIAS.match(row, after):
            return Span(name.end_line, alias.start(1), name.end_line, alias.end(1))
        if self.value(key) is None and not self.text_in(value).strip():
            return Span(name.end_line, after, name.end_line, after)
        return value

    def item_spans(self, key: str) -> list[Span]:
        """Return where the items of a list are written, as far as they are below its key."""
        start, end = self.rows_of(key)
        spans = [self.places.values.get((key, number)) for number in range(len(self.value(key)))]
        return [span for span in spans if span and start <= span.line < end]

    def item_rows(self, key: str) -> list[ItemRows]:
        """Return the rows of each item of a list; empty unless all are below their key and begin with a dash."""
        spans = [] if self.is_flow(self.value_span(key)) else self.item_spans(key)
        if not spans or len(spans) != len(self.value(key)) or not all(map(self._is_behind_dash, spans)):
            return []
        rows: list[ItemRows] = []
        before = self.places.keys[(key,)].line + 1
        stops = [*(span.line for span in spans[1:]), self.next_row(key)]
        for span, stop in zip(spans, stops, strict=True):
            above = span.line
            while above > before and self._is_comment(above - 1):
                above -= 1
            before = self._end_of_item(span, stop)
            rows.append(ItemRows(above, span.line, before))
        return rows

    def _is_behind_dash(self, span: Span) -> bool:
        return bool(_DASHED.fullmatch(self.rows[span.line][: span.column]))

    def _is_comment(self, row: int) -> bool:
        return self.rows[row].lstrip().startswith("#")

    def _end_of_item(self, span: Span, stop: int) -> int:
        """Return the row after an item; comments indented as deep as its text belong to it, others to the next item."""
        end, text_end = stop, max(span.line + 1, self._end_of_texts(span.line, stop))
        while end > text_end and not _COMMENT.sub("", self.rows[end - 1]).strip():
            row = self.rows[end - 1]
            if row.strip() and len(row) - len(row.lstrip()) >= span.column:
                break
            end -= 1
        return end

    def dash(self, key: str | None = None) -> int:
        """Return the columns between the key and the dashes of a list; without a key, of the first list."""
        for name in (key,) if key else self.reading.lesson.metadata:
            if isinstance(self.value(name), list) and self.has(name):
                span = self.value_span(name)
                if self.rows[span.line][span.column : span.column + 1] == "-":
                    return span.column - self.places.keys[(name,)].column
        return _DASH

    def step(self, key: str) -> int:
        """Return the columns between the dash and the text of a list's last item."""
        value = self.value(key)
        last = self.item_spans(key)[-1:] if isinstance(value, list) else []
        dash = self.places.keys[(key,)].column + self.dash(key)
        return max((span.column - dash for span in last if not self.is_flow(self.value_span(key))), default=_STEP)

    def quote(self, span: Span) -> str:
        """Return the quotation mark at the start of a span, or an empty string."""
        mark = self.text_in(span)[:1]
        return mark if mark in ("'", '"') else ""

    def is_flow(self, span: Span) -> bool:
        return bool(_FLOW.match(self.rows[span.line], span.column))

    def is_block_scalar(self, span: Span) -> bool:
        return bool(_BLOCK_SCALAR.match(self.rows[span.line], span.column))

    def text_in(self, span: Span) -> str:
        return self.reading.text[slice(*span.offsets(self._lines))]

    def replaced(self, span: Span, text: str) -> Edit:
        return Edit(*span.offsets(self._lines), text)

    def rows_replaced(self, start: int, end: int, rows: Sequence[str]) -> Edit:
        return Edit(self._lines.offset(start), self._lines.offset(end), "".join(row + "\n" for row in rows))


def comments_in(rows: Sequence[str]) -> list[str]:
    """Return the comments in some rows of YAML."""
    text = "\n".join(rows)
    lines = LineTable.of(text)
    places = parse_front_matter(text, "", 0).places()
    parents = _parents_in(places)
    for steps, span in places.values.items():
        if steps not in parents:
            start, end = span.offsets(lines)
            text = text[:start] + re.sub(r"[^\n]", "x", text[start:end]) + text[end:]
    return [match.group() for row in text.split("\n") for match in _COMMENT.finditer(row)]


def _parents_in(places: Places) -> set[Steps]:
    return {steps[:-1] for steps in places.values if steps}
