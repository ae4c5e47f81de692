"""A year of a simulated organisation: are the gaps found that were planted, and does nothing private show?

500 people in 40 units search a library; most questions have an answer in it. Some needs have none: many people have
them, each in their own words. Others that it does not meet are those of one or two people only, and must not show. Each
person has a log of their own and shares a list, two times; the lists are merged as `kb gaps` does it.

    python benchmarks/organisation.py ROOT KNOWN UNKNOWN SCRATCH

ROOT is an indexed knowledge base, which is not changed. KNOWN and UNKNOWN are folders with queries.jsonl and
qrels/test.tsv: of KNOWN each query has its lesson in ROOT; in UNKNOWN several queries ask for the same document, which
has nothing to do with ROOT. SCRATCH keeps the logs, so that another run need not make them again.
"""

from __future__ import annotations

import os
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from statistics import mean
from typing import TYPE_CHECKING, NamedTuple

# Before this folder, whose `search` is a script and not the package.
sys.path.insert(0, str(Path(__file__).parents[1]))

from kb.demand.finding import Need, needs_in
from kb.demand.noting.asked import Asked, Command, Question, asked_of
from kb.demand.noting.history import History
from kb.demand.noting.log import DemandLog
from kb.demand.noting.place import asker
from kb.demand.shared.entry import Entry, sharer_id, unit_code
from kb.demand.shared.merging import Group, grouped
from kb.demand.shared.sharing import Person, shared_list
from kb.demand.shared.token import PEOPLE as PEOPLE_SHOWN
from kb.demand.words import Word, words_of
from kb.knowledge_base import KnowledgeBase
from kb.retrieval.request import Request
from search.evaluation import read_judgements, read_queries

if TYPE_CHECKING:
    from kb.retrieval.searcher import Searcher

PEOPLE, UNITS, NEEDS, ASKED_EACH = 500, 40, 40, 40
PLANTED, PRIVATE = 0.12, 0.05
"""Shares of the questions that are planted, or of one or two people only."""
REWORDED, REWORDED_NEAREST, OPENED = 0.6, 0.3, 0.6
YEAR = 365 * 86_400
NOW = datetime(2026, 11, 28, tzinfo=UTC)
ROUNDS = 2


class Ask(NamedTuple):
    """One question of one person."""

    time: int
    text: str
    lesson: str
    """The lesson that answers it; empty if none does."""
    again: str
    """The same in other words; empty if the person does not ask again."""


@dataclass(frozen=True)
class Truth:
    """What is known of the questions."""

    known: Mapping[str, str]
    """Text → the lesson."""
    topics: Mapping[str, Sequence[str]]
    """Topic → its wordings."""

    @cached_property
    def topic_of(self) -> dict[str, str]:
        return {text: topic for topic, texts in self.topics.items() for text in texts}


def truth(known: Path, unknown: Path) -> Truth:
    """Read the questions; queries with the same relevant documents are wordings of one topic."""
    queries, judged = read_queries(known / "queries.jsonl"), read_judgements(known / "qrels" / "test.tsv")
    answers = {queries[id_]: next(iter(lessons)) for id_, lessons in judged.items() if id_ in queries}
    queries, judged = read_queries(unknown / "queries.jsonl"), read_judgements(unknown / "qrels" / "test.tsv")
    topics: defaultdict[str, list[str]] = defaultdict(list)
    for id_, text in queries.items():
        topics[min(judged.get(id_, {id_: 1}))].append(text)
    return Truth(answers, {topic: texts for topic, texts in topics.items() if len(texts) > 2})


class Organisation:
    """People and what they ask in a year."""

    def __init__(self, found: Truth, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 - a simulation
        topics = sorted(found.topics)
        self._random.shuffle(topics)
        self.planted, self._private = topics[:NEEDS], topics[NEEDS:]
        self._truth = found
        self._owners = {topic: self._random.sample(range(PEOPLE), 2) for topic in self._private}

    def year(self, person: int) -> Iterator[Ask]:
        """Yield the questions of a person, in order of time."""
        chosen = self._random
        own = [topic for topic in self._private if person in self._owners[topic]]
        end = int(NOW.timestamp())
        for when in sorted(chosen.randrange(end - YEAR, end) for _ in range(ASKED_EACH)):
            kind = chosen.random()
            if kind < PLANTED:
                topic = chosen.choices(self.planted, [1 / (rank + 2) for rank in range(NEEDS)])[0]
                yield self._unmet(when, topic)
            elif kind < PLANTED + PRIVATE and own:
                yield self._unmet(when, chosen.choice(own))
            else:
                text = chosen.choice([*self._truth.known])
                yield Ask(when, text, self._truth.known[text], "")

    def _unmet(self, when: int, topic: str) -> Ask:
        text, again = self._random.sample(list(self._truth.topics[topic]), 2)
        return Ask(when, text, "", again)


class Library:
    """An open index that answers each question once."""

    def __init__(self, searcher: Searcher) -> None:
        self._searcher = searcher
        self._asked: dict[str, Asked] = {}

    def asked(self, text: str) -> Asked:
        if text not in self._asked:
            request = Request(text)
            question = Question(Command.SEARCH, request, self._searcher.ask(request), restricted=False)
            self._asked[text] = asked_of(question, whole=False)
        return self._asked[text]


def live(root: Path, library: Library, asks: Sequence[Ask], chosen: random.Random) -> None:
    """Note the questions of one person, with what the person does after each."""
    for ask in asks:
        asked = library.asked(ask.text)
        noted_at(root, ask.time).note(asked, "terminal", tells=True)
        if ask.lesson and ask.lesson in asked.lessons and chosen.random() < OPENED:
            noted_at(root, ask.time).mark_opened(ask.lesson, "terminal")
        if ask.again and chosen.random() < (REWORDED if asked.verdict else REWORDED_NEAREST):
            noted_at(root, ask.time + 120).note(library.asked(ask.again), "terminal", tells=True)


def noted_at(root: Path, when: int) -> DemandLog:
    return DemandLog(root, 3650, lambda: when)


def become(scratch: Path, person: int) -> None:
    """Use the log of a person from now on."""
    os.environ["XDG_STATE_HOME"] = str(scratch / "people" / str(person))


def main(root: Path, known: Path, unknown: Path, scratch: Path) -> None:
    """Simulate the year, share all lists twice, and print what is found."""
    found, library = truth(known, unknown), scratch / "library"
    organisation = Organisation(found, 1)
    searcher = KnowledgeBase(root).index.searcher()
    assert searcher is not None, "ROOT has no index"
    people = {person: list(organisation.year(person)) for person in range(PEOPLE)}
    if not library.exists():
        chosen, asking = random.Random(2), Library(searcher)  # noqa: S311 - a simulation
        for person, asks in people.items():
            become(scratch, person)
            live(library, asking, asks, chosen)
        library.mkdir()
    needs: dict[str, tuple[Need, ...]] = {}
    for person in people:
        become(scratch, person)
        needs[sharer_id(asker())] = needs_in(History(library), searcher, NOW.timestamp()).open
    lists = shared(needs, lambda word: not word.is_name or searcher.engine.knows(word.term))
    topics = {
        entry: Counter(found.topic_of.get(text, "") for text in need.gap.questions).most_common(1)[0][0]
        for sharer, entries in lists.items()
        for need, entry in zip(needs[sharer], entries, strict=False)
    }
    print(f"own lists: {len(topics):,} gaps, {mean(map(bool, topics.values())):.3f} of them are not met by the library")
    report(people, organisation, found, topics)


def shared(needs: Mapping[str, Sequence[Need]], may_share: Callable[[Word], bool]) -> dict[str, list[Entry]]:
    """Return the list of each person after all have shared some times, one after the other."""
    lists: dict[str, list[Entry]] = {}
    for number in range(ROUNDS):
        for place, sharer in enumerate(needs):
            person = Person(sharer, unit_code(f"unit {place % UNITS}"), f"2026-11-{28 + number}T00:00:00Z")
            others = [entry for other, entries in lists.items() if other != sharer for entry in entries]
            lists[sharer] = shared_list(needs[sharer], person, others, may_share)
    return lists


def report(
    people: Mapping[int, Sequence[Ask]], organisation: Organisation, found: Truth, topics: Mapping[Entry, str]
) -> None:
    """Print precision, recall, labels, and whether each word shown was asked by three people."""
    askers: defaultdict[str, set[int]] = defaultdict(set)
    words: defaultdict[str, set[int]] = defaultdict(set)
    for person, asks in people.items():
        for text in filter(None, (text for ask in asks for text in (ask.text, ask.again))):
            askers[found.topic_of.get(text, "")].add(person)
            for word in words_of(text):
                words[word.term].add(person)
    wanted = {topic for topic in organisation.planted if len(askers[topic]) >= PEOPLE_SHOWN}
    groups = grouped(topics)
    shown = [(group, *_topic(group, topics)) for group in groups if group.is_shown]
    for group, topic, share in shown:
        asked = (found.topics.get(topic) or ["(a question that the library answers)"])[0]
        print(
            f"  {len(group.people):4} people  {', '.join(group.words()[:5]) or '-':50.50}  {share:4.0%}  {asked[:60]}"
        )
    right = [topic for _, topic, share in shown if topic in wanted and share >= 0.5]
    print(f"planted and asked by three or more: {len(wanted)}; shown: {len(shown)}; of them planted: {len(right)}")
    print(f"precision {len(right) / max(len(shown), 1):.3f}, recall {len({*right}) / max(len(wanted), 1):.3f}")
    of_topic, largest = Counter(topics.values()), Counter[str]()
    for group in groups:
        for topic, count in Counter(topics[entry] for entry in group.entries).items():
            largest[topic] = max(largest[topic], count)
    together = sum(largest[topic] for topic in wanted) / sum(of_topic[topic] for topic in wanted)
    print(f"shown groups for each need found: {len(right) / max(len({*right}), 1):.1f}; the largest has {together:.2f}")
    clear = {token.word for entry in topics for token in entry.tokens if token.word}
    few = sorted(text for text in clear if any(len(words[word.term]) < PEOPLE_SHOWN for word in words_of(text)))
    print(f"shown gaps without a word: {sum(not group.words() for group, _, _ in shown)}")
    print(f"words in clear: {len(clear)}, of them asked by fewer than three people: {len(few)} {few[:10]}")
    print(f"not found: {[found.topics[topic][0] for topic in sorted(wanted - {*right})]}")


def _topic(group: Group, topics: Mapping[Entry, str]) -> tuple[str, float]:
    """Return the topic of most entries of a group, and their share."""
    topic, count = Counter(topics[entry] for entry in group.entries).most_common(1)[0]
    return topic, count / len(group.entries)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
