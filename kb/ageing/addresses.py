"""The addresses on the web that lessons name, and which of them are gone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from ingest.lesson import Lesson, Metadata
from ingest.markdown.addresses import addresses_in, addresses_in_words
from ingest.passages.passage import Passage
from kb.ageing.lines import line_of
from kb.system.web.answer import Answer, State

if TYPE_CHECKING:
    from kb.forms.keep import stale as forms


class NamedAddress(NamedTuple):
    """An address as a lesson has it."""

    text: str
    line: int
    """In the lesson's file, from 1; 1 also for the front matter."""


class DeadAddress(NamedTuple):
    """An address that is gone."""

    text: str
    line: int
    why: str
    """In a few words: `404`."""


@dataclass(frozen=True, slots=True)
class Addresses:
    """The answers to the addresses of some lessons."""

    answers: Mapping[str, Answer]
    """By the address as lessons have it."""
    is_cut_off: bool = False
    """Whether some were tried and no server answered."""

    def dead(self, lesson: Lesson, passages: Iterable[Passage]) -> list[DeadAddress]:
        """Return the addresses of a lesson that are gone."""
        named = named_addresses(lesson, passages) if self.answers else ()
        answers = [(each, self.answers[each.text]) for each in named if each.text in self.answers]
        return [DeadAddress(each.text, each.line, one.why) for each, one in answers if one.state is State.GONE]

    def count(self, state: State) -> int:
        return sum(answer.state is state for answer in self.answers.values())

    def reasons(self, state: State) -> dict[str, int]:
        """Return how many addresses are in a state for each reason, the most frequent first."""
        return dict(Counter(answer.why for answer in self.answers.values() if answer.state is state).most_common())

    def as_json(self) -> forms.AskedAddresses:
        return {
            "named": len(self.answers),
            "there": self.count(State.THERE),
            "gone": self.reasons(State.GONE),
            "failed": self.reasons(State.FAILED),
            "not_asked": self.reasons(State.NOT_ASKED),
        }

    @property
    def in_words(self) -> str:
        """One line, without the addresses."""
        phrases = [f"{self.count(State.THERE):,} there, {self.count(State.GONE):,} gone"]
        for state, what in _NOT_KNOWN.items():
            if reasons := self.reasons(state):
                whys = ", ".join(f"{count:,} {why}" for why, count in reasons.items())
                phrases.append(f"{self.count(state):,} {what} ({whys})")
        return "; ".join(phrases)


_NOT_KNOWN = {State.FAILED: "could not be asked", State.NOT_ASKED: "not asked"}
NO_ADDRESSES = Addresses({})


def named_addresses(lesson: Lesson, passages: Iterable[Passage]) -> Iterator[NamedAddress]:
    """Yield the addresses that a lesson names in its text and its front matter, each once."""
    seen: set[str] = set()
    for each in (*_of_passages(passages), *_of_values(lesson.metadata)):
        if each.text not in seen:
            seen.add(each.text)
            yield each


def _of_values(metadata: Metadata) -> Iterator[NamedAddress]:
    waiting: list[Any] = [metadata]
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            yield from (NamedAddress(text, 1) for text in addresses_in_words(value))
        elif isinstance(value, (dict, list)):
            waiting += value.values() if isinstance(value, dict) else value


def _of_passages(passages: Iterable[Passage]) -> Iterator[NamedAddress]:
    for passage in passages:
        yield from (NamedAddress(text, line_of(text, passage)) for text in addresses_in(passage.text))
