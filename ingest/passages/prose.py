"""Splits passages into sentences for display, separating those that only refer elsewhere."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.kinds import Kind
from ingest.markdown.plain import Block, Form, plain_blocks
from ingest.markdown.readable import Readable
from ingest.markdown.sentences import sentences
from ingest.passages.completing import completed_texts
from ingest.passages.passage import Passage
from ingest.passages.pointers import is_heading_of_pointers, is_pointer, start_of_references


def readable_passages(passages: Sequence[Passage]) -> list[Readable]:
    """Return each passage of a lesson as it is shown: completed at its edges, without the headings of its path."""
    return [
        readable(text, passage.headings, links_count=passage.kind is Kind.TOOL)
        for passage, text in zip(passages, completed_texts(passages), strict=True)
    ]


def readable(text: str, headings: Sequence[str] = (), *, links_count: bool = False) -> Readable:
    """Return the sentences of a Markdown text below some headings, which are left out.

    With `links_count`, links count as prose: in a section of tools, a link is a tool.
    """
    below_pointers = any(map(is_heading_of_pointers, headings))
    prose: list[str] = []
    asides: list[str] = []
    for block in plain_blocks(text, headings):
        texts, pointing = _parts(block, links_count=links_count)
        if below_pointers or is_heading_of_pointers(block.heading):
            texts, pointing = [], [*texts, *pointing]
        prose += texts
        asides += pointing
    return Readable(tuple(prose), tuple(asides))


def _parts(block: Block, *, links_count: bool) -> tuple[list[str], list[str]]:
    """Return the sentences of a block with information, and those that only refer elsewhere."""
    if block.form is Form.CODE or (block.form is Form.LINK and not links_count):
        return [], [block.text]
    if block.form is not Form.PROSE:
        return [block.text], []
    if is_pointer(block.text):
        return [], [block.text]
    references = start_of_references(block.text)
    prose: list[str] = []
    asides: list[str] = []
    for sentence in sentences(block.text[:references]):
        (asides if is_pointer(sentence) else prose).append(sentence)
    return prose, [*asides, *sentences(block.text[references:])]
