"""A lesson and its passages → the terms of its fields."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.lesson import Lesson
from ingest.other_texts import other_texts
from ingest.passage import Origin, Passage
from ingest.plain import plain_blocks
from search.analyzer import Indexed, indexed
from search.postings import Field, LessonTerms

_MARKS = "&\\*~<[`"
_TAG = (
    "</?(?:abbr|a|bdi|bdo|big|b|cite|code|del|dfn|em|font|ins|i|kbd|mark|q|rp|rt|ruby|samp|small|span|strike|strong|sub"
    "|sup|s|tt|u|var|wbr)(?:[ /][^<>]*+)?>"
)
_STRESSED = rf"`*(?:[*~]|{_TAG})(?:[*~`]|{_TAG})*+"
_ESCAPED = r"\\[!-/:-@\[-`{-~]"
_LINK = r"\[[^\[\]\n]{1,300}\]\([^()\s]{0,300}\)"
_BETWEEN_WORDS = "(?:nbsp|lt|gt|quot|ndash|mdash|hellip|bull|middot|[lr][ds]quo|[lr]aquo);"
_IN_WORDS = re.compile(
    rf"&(?!{_BETWEEN_WORDS})#?\w+;|\w{_ESCAPED}|{_ESCAPED}\w|\w{_STRESSED}\w|[a-z]`+[a-z]|\w!?{_LINK}|{_LINK}\w",
    re.IGNORECASE,
)
r"""What may stand within a word and is no part of it to its reader: `caf&eacute;`, `a\_name`, `H<sub>2</sub>O`."""


def terms_of(lesson: Lesson, passages: Sequence[Passage]) -> LessonTerms:
    """Analyze a lesson."""
    headings = dict.fromkeys(heading for passage in passages for heading in passage.headings)
    texts = {
        Field.TITLE: [lesson.title],
        Field.HEADINGS: [heading for heading in headings if heading != lesson.title],
        Field.SUMMARY: [_searched(lesson.summary)],
        Field.ANSWERS: lesson.answers,
        Field.TAGS: lesson.tags,
        Field.OTHER: other_texts(lesson.metadata),
    }
    fields = {field: found for field, said in texts.items() if (found := indexed("\n".join(said))).words}
    bodies = [indexed(_searched(passage.text) if passage.origin is Origin.BODY else "") for passage in passages]
    further = {(field, 0): found.further for field, found in fields.items() if found.further}
    further |= {(Field.BODY, number): found.further for number, found in enumerate(bodies) if found.further}
    words = {field: found.words for field, found in fields.items()}
    spellings = set().union(*(found.spellings for found in (*fields.values(), *bodies)))
    return LessonTerms(words, [found.words for found in bodies], further, spellings)


def _searched(text: str) -> str:
    """Return what a text is found by: where its writer's marks take words apart, these as their reader sees them.

    What only the writer sees of such a paragraph, as the address of a link, is behind it.
    """
    if not any(mark in text for mark in _MARKS) or not _IN_WORDS.search(text):
        return text
    return "\n\n".join(_seen(part) if _IN_WORDS.search(part) else part for part in text.split("\n\n"))


def _seen(paragraph: str) -> str:
    seen = "\n".join(block.text for block in plain_blocks(paragraph))
    terms = _all_terms(indexed(seen))
    if terms <= _all_terms(indexed(paragraph)):
        return paragraph
    unseen = (chunk for chunk in paragraph.split() if not _all_terms(indexed(chunk)) <= terms)
    return "\n".join((seen, *unseen))


def _all_terms(found: Indexed) -> set[str]:
    return {*found.words, *(term for _, term in found.further)}
