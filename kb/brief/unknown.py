"""What the library does not know about a problem; said plainly, so that nobody takes a brief for more than it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kb.brief.source import Source
from kb.lessons.evidence import evidence_of_lesson
from kb.wording import counted

_MOST_WORDS = 6


def unknown_words(sources: Sequence[Source], in_no_lesson: Sequence[str], *, names_words: bool) -> Iterator[str]:
    """Yield which words of the problem are nowhere; `sources` are the lessons that may help.

    `names_words`: whether words of the problem are named that only these lessons lack.
    """
    if in_no_lesson:
        yield f"no lesson of the library has: {_named(in_no_lesson)}"
    lacking = sources[0].missing if sources else ()
    nowhere = [word for word in lacking if all(word in source.missing for source in sources)]
    if names_words and (words := [word for word in nowhere if word not in in_no_lesson]):
        yield f"none of these cases has the words: {_named(words)}"


def unknown_facts(sources: Sequence[Source], *, method: bool, failures: bool, people: bool) -> Iterator[str]:
    """Yield what none of the cases says; the others are whether the page says how to work it out, what did not work
    and whom to ask."""
    if not sources:
        return
    if not any(evidence_of_lesson(source.lesson) for source in sources):
        yield "what it was worth: none of these cases has a measured impact"
    if not method:
        yield "how to work it out: none of these cases says"
    if not failures:
        yield "what did not work: none of these cases says"
    if drafts := sum(source.lesson.status == "draft" for source in sources):
        yield f"whether it is true: {counted(drafts, 'case')} still a draft, not validated"
    if not people:
        yield "whom to ask: none of these cases names anybody who can be reached"


def _named(words: Sequence[str]) -> str:
    shown = ", ".join(words[:_MOST_WORDS])
    return f"{shown} and {counted(len(words) - _MOST_WORDS, 'other word')}" if len(words) > _MOST_WORDS else shown
