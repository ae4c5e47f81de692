"""A passage → its sentences for a reader in a hurry, those apart that only point elsewhere."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

from ingest.plain import Block, Form, plain_blocks
from ingest.pointers import is_heading_of_pointers, is_pointer, start_of_references
from ingest.sentences import sentences


class Readable(NamedTuple):
    """The sentences of a text, in order; a row of a table and a line of code count as one."""

    prose: tuple[str, ...]
    asides: tuple[str, ...]
    """References, links, lines of contents, code: shown where nothing else is to be shown."""


def readable(
    text: str, headings: Sequence[str] = (), known_headings: Collection[str] = (), *, links_tell: bool = False
) -> Readable:
    """Read a Markdown text that stands below some headings; those that the reader knows are not repeated.

    `links_tell` is for a section of tools, where a link is one.
    """
    below_pointers = any(map(is_heading_of_pointers, headings))
    prose: list[str] = []
    asides: list[str] = []
    for block in plain_blocks(text, known_headings):
        told, pointing = _parts(block, links_tell=links_tell)
        if below_pointers or is_heading_of_pointers(block.heading):
            told, pointing = [], [*told, *pointing]
        prose += told
        asides += pointing
    return Readable(tuple(prose), tuple(asides))


def _parts(block: Block, *, links_tell: bool) -> tuple[list[str], list[str]]:
    """Split a block into the sentences that tell something and those that point elsewhere."""
    if block.form is Form.CODE or (block.form is Form.LINK and not links_tell):
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
