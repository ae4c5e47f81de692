"""The few sentences of a passage that answer a query, with the matching words marked."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable
from dataclasses import dataclass

from search.analyzer import terms_in_place

_SENTENCE = re.compile(r".+?(?:[.!?。！？]+[\"')\]]*(?=\s|$)|$)\s*", re.DOTALL)  # noqa: RUF001
_ELLIPSIS = "…"


@dataclass(frozen=True, slots=True)
class Snippet:
    """Plain text and the places of the matching words in it."""

    text: str
    marks: tuple[tuple[int, int], ...] = ()


def best_snippet(blocks: Iterable[str], query_terms: Iterable[str], length: int) -> Snippet:
    """Choose consecutive sentences of a passage's plain-text blocks, about `length` characters.

    The sentence with most of the query's terms leads; without any the passage's beginning serves.
    """
    wanted = frozenset(query_terms)
    sentences = [sentence.strip() for block in blocks for sentence in _SENTENCE.findall(block) if sentence.strip()]
    if not sentences:
        return Snippet("")
    found = [{term.term for term in terms_in_place(sentence)} & wanted for sentence in sentences]
    best = max(range(len(sentences)), key=lambda number: (len(found[number]), -number))
    chosen = sentences[best]
    if len(chosen) > length:
        chosen = _cut(chosen, wanted, length)
    else:
        for sentence in sentences[best + 1 :]:
            if len(chosen) + 1 + len(sentence) > length:
                break
            chosen = f"{chosen} {sentence}"
    marks = tuple((term.start, term.end) for term in terms_in_place(chosen) if term.term in wanted)
    return Snippet(chosen, marks)


def _cut(sentence: str, wanted: frozenset[str], length: int) -> str:
    """Cut a long sentence around its matches, between words."""
    places = [term for term in terms_in_place(sentence) if term.term in wanted]
    start = max(places[0].start - length // 4, 0) if places else 0
    start = min(start, max(len(sentence) - length, 0))
    if start:
        start = _next_word(sentence, start)
    end = min(start + length, len(sentence))
    if end < len(sentence):
        end = max(sentence.rfind(" ", start, end), start) or end
        end = end if end > start else min(start + length, len(sentence))
    return (_ELLIPSIS if start else "") + sentence[start:end].strip() + (_ELLIPSIS if end < len(sentence) else "")


def _next_word(text: str, start: int) -> int:
    space = text.find(" ", start)
    return space + 1 if 0 <= space < start + 40 else start


def matched_words(text: str, found: Container[str]) -> list[str]:
    """Return the words of a query, as they were written, whose terms are among `found`."""
    words = [text[term.start : term.end] for term in terms_in_place(text) if term.term in found]
    return list(dict.fromkeys(words))
