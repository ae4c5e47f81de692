"""Whether those who have the problem will find the lesson."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from kb.check import strictness
from kb.check.finding import Finding
from kb.check.rule import Rule
from kb.check.severity import Severity
from kb.corpus.census import Census
from kb.corpus.lesson_file import LessonFile

if TYPE_CHECKING:
    from kb.acceptance.known_items import KnownItem
    from kb.retrieval.searcher import Searcher

FOUND_FIRST = 3
"""A lesson should be among this many first results for each of its `answers`: few people read further."""
_FEWEST_WORDS = 3
# In scripts without spaces between words, each letter counts as a word.
_WORD = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\uffff]|[^\W_\u0e00-\u0eff\u2e80-\uffff]+")

_LABELS = "---\nanswers:\n  - parcels come back from customers\n---\n# Labels\n"
_PARCELS = _LABELS.replace("Labels", "Parcels come back from customers")

NO_ANSWERS = Rule(
    "retrievability.no-answers",
    Severity.WARNING,
    "A lesson does not say which problems it answers.",
    "have no `answers`",
    "People who have the problem use other words than people who have solved it. Write under `answers` three to six "
    "sentences that somebody with the problem would say, without the words of the solution. A draft need not have "
    "them.",
    "---\nunit: Dispatch\n---\n# Wrong labels\n",
    "---\nanswers:\n  - parcels come back because the address on them is another customer's\n---\n# Wrong labels\n",
)
SHORT_ANSWER = Rule(
    "retrievability.short-answer",
    Severity.WARNING,
    "A sentence under `answers` has fewer than three words.",
    "have `answers` of one or two words",
    "One or two words match too many lessons. Write a sentence that somebody "
    "with the problem would say; single words belong in `tags`.",
    "---\nanswers:\n  - labels\n---\n# Wrong labels\n",
    "---\nanswers:\n  - parcels come back with another customer's address\n---\n# Wrong labels\n",
)
TITLE_REPEATED = Rule(
    "retrievability.title-repeated",
    Severity.WARNING,
    "A sentence under `answers` has no word that is not in the title.",
    "have `answers` that only repeat the title",
    "The title is searched anyway. Write it in the words of somebody who has never seen this lesson.",
    "---\nanswers:\n  - wrong labels on parcels\n---\n# Parcels with wrong labels on them\n",
    "---\nanswers:\n  - customers get what others have ordered\n---\n# Parcels with wrong labels on them\n",
)
NOT_FOUND = Rule(
    "retrievability.not-found",
    Severity.WARNING,
    f"A search for a sentence under its `answers` shows {FOUND_FIRST} other lessons before this one.",
    "are not found first for what they answer",
    "People who search for this find other lessons first. Write in the lesson, in these words, what it offers them; "
    "or move the sentence to the lessons that come first. Superseded and retired lessons need not be found; drafts "
    "should be.",
    _LABELS + "".join(f"==> {name}.md <==\n{_PARCELS}" for name in ("first", "second", "third")),
    _LABELS,
    asks=True,
)
RULES: tuple[Rule, ...] = (NO_ANSWERS, SHORT_ANSWER, TITLE_REPEATED, NOT_FOUND)


def check(file: LessonFile, census: Census) -> Iterator[Finding]:
    """Yield what is wrong with a lesson's `answers`."""
    answers = file.lesson.answers
    if not answers and strictness.of_gaps(file):
        yield NO_ANSWERS.at(file, None, "no `answers`; write what somebody with the problem would say")
    in_title = set(_words(file.lesson.title)) if answers else set()
    for number, answer in enumerate(answers):
        words = _words(answer)
        span = file.places.of_value("answers", number)
        if len(words) < _FEWEST_WORDS:
            yield SHORT_ANSWER.at(
                file, span, f"{answer!r} is not a sentence; write what somebody with the problem would say"
            )
        elif in_title.issuperset(words):
            yield TITLE_REPEATED.at(file, span, f"{answer!r} only repeats the title; write it in other words")


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def not_found(searcher: Searcher, files: Sequence[LessonFile]) -> Iterator[Finding]:
    """Yield the `answers` for which their lesson is not among the first results; raises `ModelError`.

    They are ranked as the nightly job ranks them, and as `kb search` ranks text that is not in the query language.
    """
    from kb.acceptance.known_items import ask
    from search.query import Mode

    places = [(file, number) for file in files for number in range(len(file.lesson.answers))]
    questions = [(file.lesson.id, file.lesson.answers[number]) for file, number in places]
    for (file, number), item in zip(places, ask(searcher, questions, Mode.HYBRID), strict=True):
        if item.rank is None or item.rank > FOUND_FIRST:
            yield NOT_FOUND.at(file, file.places.of_value("answers", number), _not_found(item))


def _not_found(item: KnownItem) -> str:
    ahead = ", ".join(item.ahead[:FOUND_FIRST])
    place = f"number {item.rank}" if item.rank else f"not among the first {len(item.ahead)}"
    return f"for {item.question!r} this lesson is {place}, after {ahead}; write in it, in such words, what it offers"
