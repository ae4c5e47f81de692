"""The few sentences of a passage that answer a query, with the matching words marked."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable
from dataclasses import dataclass

from search.analyzer import Term, terms_in_place

# Chinese and Japanese full stops need no space behind them.
_SENTENCE = re.compile(r".+?(?:[.!?]+[\"')\]]*(?=\s|$)|[\u3002\uff01\uff1f]+|$)\s*", re.DOTALL)
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
    """Cut a long sentence around its first match; between words, where it has spaces."""
    match = next((term for term in terms_in_place(sentence) if term.term in wanted), Term("", 0, 0))
    start = min(max(match.start - length // 4, 0), max(len(sentence) - length, 0))
    if start:
        space = sentence.find(" ", start, match.start)
        start = space + 1 if space >= 0 else start
    end = min(start + length, len(sentence))
    if end < len(sentence):
        space = sentence.rfind(" ", max(match.end, start + 1), end + 1)
        end = space if space >= 0 else end
    return (_ELLIPSIS if start else "") + sentence[start:end].strip() + (_ELLIPSIS if end < len(sentence) else "")


def matched_words(text: str, found: Container[str]) -> list[str]:
    """Return the words of a query, as they were written, whose terms are among `found`."""
    words = [text[term.start : term.end] for term in terms_in_place(text) if term.term in found]
    return list(dict.fromkeys(words))
