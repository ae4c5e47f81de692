"""What the library does not know about a problem; said plainly, so that nobody takes a brief for more than it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ingest.kinds import Kind
from kb.brief.source import Source
from kb.lessons.evidence import evidence_of_lesson
from kb.wording import counted

_MOST_WORDS = 6


def unknown_to(sources: Sequence[Source], unknown_words: Sequence[str], *, names_words: bool) -> Iterator[str]:
    """Yield a sentence for each gap; `sources` are the lessons that may help.

    `names_words`: whether words of the problem are named that none of these lessons has.
    """
    if unknown_words:
        yield f"no lesson of the library has: {_named(unknown_words)}"
    if not sources:
        return
    lacking = [word for word in sources[0].missing if all(word in source.missing for source in sources)]
    if names_words and (words := [word for word in lacking if word not in unknown_words]):
        yield f"none of these cases has the words: {_named(words)}"
    if not any(evidence_of_lesson(source.lesson) for source in sources):
        yield "what it was worth: none of these cases has a measured impact"
    if not any(source.of(Kind.METHOD) for source in sources):
        yield "how to work it out: none of these cases has a method"
    if not any(source.of(Kind.FAILURE) for source in sources):
        yield "what did not work: none of these cases says"
    drafts = sum(source.lesson.status == "draft" for source in sources)
    if drafts:
        yield f"whether it is true: {counted(drafts, 'case')} still a draft, not validated"


def _named(words: Sequence[str]) -> str:
    shown = ", ".join(words[:_MOST_WORDS])
    return f"{shown} and {counted(len(words) - _MOST_WORDS, 'other word')}" if len(words) > _MOST_WORDS else shown
