"""Reads the log of questions."""

from __future__ import annotations

import json
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from kb.demand.noting.asked import Command
from kb.demand.noting.database import opened, patiently
from kb.demand.noting.log import Use
from kb.demand.noting.place import key_of

MOST_QUESTIONS = 600
"""Questions from which gaps are made: those asked most and latest."""
FADES_AFTER = 365 * 86_400
"""Seconds after which a question no longer counts; until then it counts less from day to day."""
_PATIENCE = 2.0
_UNOPENED = 0.25
"""The weight of a question for which nothing was opened, against one that found only the nearest lessons today."""
_SEEN_OPENING = 0.2
"""Least share of answered questions with an opened lesson from which it says something that none was opened."""
_LATEST = 10_000
"""Questions by which that is judged."""
_LEAST_NEAR = 3
"""Different questions that must have come nearest to a lesson before it counts as missed; one may be off the point."""
_OFTEN = 3
"""Times that a question must have been asked before it says something that nothing was opened."""


class Question(NamedTuple):
    """A question that was not met, with how often it was asked."""

    id: int
    text: str
    is_page: bool
    model: str
    vector: bytes | None
    asked: int
    nearest: int
    """How often only the nearest lessons were found."""
    reworded: int
    """How often it was asked again at once in other words."""
    used: int
    """How often a lesson that it found was opened or reused."""
    last: int
    """When it was asked last, in seconds since 1970."""
    weight: float
    """How often it was not met; an old time counts less."""


class Summary(NamedTuple):
    """What the log holds of a knowledge base."""

    questions: int = 0
    """All that were asked, repeats too."""
    distinct: int = 0
    first: int = 0
    last: int = 0
    """When, in seconds since 1970."""
    used: int = 0
    """How many led to an opened or reused lesson."""


class Missed(NamedTuple):
    """A lesson that was near some questions, and was found for none."""

    lesson: str
    questions: int
    """How many different ones."""
    text: str
    """The one that was asked most."""


class Judgement(NamedTuple):
    """A lesson that helped with a question."""

    question: int
    text: str
    lesson: str
    grade: int


class History:
    """The log of one knowledge base, for reading. Its methods raise `NoLog` and `sqlite3.Error`."""

    def __init__(self, root: Path) -> None:
        self._key = key_of(root)

    def summary(self) -> Summary:
        """Return what the log holds."""
        return Summary(*(value if isinstance(value, int) else 0 for value in self._rows(_SUMMARY)[0]))

    def unmet(self, now: float | None = None) -> list[Question]:
        """Return the questions that were not met, those asked most and latest first, at most `MOST_QUESTIONS`."""
        total, used = self._rows(_ANSWERED, {"latest": _LATEST})[0]
        opens = bool(total) and (used or 0) / total >= _SEEN_OPENING
        often = _OFTEN if opens else 2**31
        since = _year_before(now)
        # A clock that was ahead for a moment must not make a question the heaviest for years: `days` is the most.
        values = {
            "since": since,
            "days": FADES_AFTER // 86_400,
            "unopened": _UNOPENED,
            "often": often,
            "most": MOST_QUESTIONS,
        }
        return [Question(*row) for row in self._rows(_UNMET, values)]

    def rewordings(self, questions: Iterable[int]) -> list[tuple[int, int]]:
        """Return which of some questions were asked again in which other words, by number: the later one first."""
        return [(later, before) for later, before in self._rows(_REWORDINGS, {"questions": json.dumps([*questions])})]

    def askers(self, questions: Iterable[int]) -> dict[int, set[int]]:
        """Return who asked each question, by number."""
        found: defaultdict[int, set[int]] = defaultdict(set)
        for question, asker in self._rows(_ASKERS, {"questions": json.dumps([*questions])}):
            found[question].add(asker)
        return found

    def units(self) -> dict[int, frozenset[str]]:
        """Return the units of each person."""
        return {asker: frozenset(map(str, json.loads(units))) for asker, units in self._rows(_UNITS)}

    def shown(self, questions: Iterable[int]) -> set[str]:
        """Return the lessons that were found for some questions when they were asked."""
        return {lesson for (lesson,) in self._rows(_SHOWN, {"questions": json.dumps([*questions])})}

    def used(self, questions: Iterable[int]) -> dict[str, int]:
        """Return the lessons that were opened or reused after some questions, also after they were reworded."""
        return dict(self._rows(_USED, {"questions": json.dumps([*questions])}))

    def asked_for(self) -> dict[str, int]:
        """Return how often each lesson was the first that was found in a year, by its id."""
        return dict(self._rows(_ASKED_FOR, {"since": _year_before(None)}))

    def missed(self) -> list[Missed]:
        """Return the lessons that some questions of a year came nearest to, and none found or led to."""
        values = {"since": _year_before(None), "least": _LEAST_NEAR}
        return [Missed(*row) for row in self._rows(_MISSED, values)]

    def judgements(self) -> list[Judgement]:
        """Return which lessons helped with which questions."""
        grades = json.dumps([[Use.OPENED_LATER, 1], [Use.OPENED, 1], [Use.REUSED, 2]])
        return [Judgement(*row) for row in self._rows(_JUDGEMENTS, {"grades": grades})]

    def _rows(self, query: str, values: Mapping[str, object] = MappingProxyType({})) -> Sequence[tuple[Any, ...]]:
        always = {"key": self._key, "similar": Command.SIMILAR}

        def read() -> list[tuple[Any, ...]]:
            with opened() as connection:
                return connection.execute(query, {**always, **values}).fetchall()

        return patiently(read, _PATIENCE)


def _year_before(now: float | None) -> int:
    return int(time.time() if now is None else now) - FADES_AFTER


_SUMMARY = """
SELECT
    count(*), (SELECT count(*) FROM question WHERE base = (SELECT id FROM base WHERE key = :key)),
    min(time), max(time), sum(used)
FROM asking WHERE base = (SELECT id FROM base WHERE key = :key)
"""
_ANSWERED = """
SELECT sum(verdict > 0), sum(used) FROM (
    SELECT verdict, used FROM asking WHERE base = (SELECT id FROM base WHERE key = :key) AND command <> :similar
    ORDER BY time DESC LIMIT :latest
)
"""
# Another index would take minutes for a million lines. Whole days, so that of two questions of one minute the order is
# not that of the seconds.
_UNMET = """
WITH chosen AS (
    SELECT question AS id, count(*) AS asked, sum(used) AS helped,
        sum((verdict = 0 OR reworded) * min((time - :since + 43200) / 86400, :days)) AS weight
    FROM asking INDEXED BY asking_by_question
    WHERE base = (SELECT id FROM base WHERE key = :key) AND restricted = 0 AND command <> :similar AND time > :since
    GROUP BY question
    HAVING weight > 0 OR (helped = 0 AND asked >= :often)
    ORDER BY weight DESC, id LIMIT :most
)
SELECT question.id, text, is_page, model, vector,
    chosen.asked, sum(verdict = 0), sum(reworded), chosen.helped, max(time),
    max(chosen.weight * 1.0 / :days, chosen.asked * :unopened)
FROM chosen JOIN question USING (id)
    JOIN asking INDEXED BY asking_by_question ON asking.base = question.base AND asking.question = chosen.id
WHERE restricted = 0 AND command <> :similar AND time > :since
GROUP BY chosen.id ORDER BY chosen.weight DESC, chosen.asked DESC, chosen.id
"""
_REWORDINGS = """
SELECT DISTINCT later.question, before.question
FROM asking AS later JOIN asking AS before ON before.id = later.follows
WHERE later.base = (SELECT id FROM base WHERE key = :key)
    AND later.question IN (SELECT value FROM json_each(:questions))
"""
_ASKERS = """
SELECT DISTINCT question, asker
FROM asking
WHERE base = (SELECT id FROM base WHERE key = :key) AND question IN (SELECT value FROM json_each(:questions))
"""
_UNITS = "SELECT id, units FROM asker WHERE base = (SELECT id FROM base WHERE key = :key)"
_USED = """
SELECT lesson, count(*) AS times FROM used WHERE asking IN (
    SELECT id FROM asking
    WHERE base = (SELECT id FROM base WHERE key = :key) AND question IN (SELECT value FROM json_each(:questions))
)
GROUP BY lesson ORDER BY times DESC, lesson
"""
_SHOWN = """
SELECT DISTINCT value
FROM asking, json_each(lessons)
WHERE base = (SELECT id FROM base WHERE key = :key) AND question IN (SELECT value FROM json_each(:questions))
"""
_JUDGEMENTS = """
SELECT question.id, question.text, used.lesson, max(grade.value ->> 1)
FROM asking CROSS JOIN used ON used.asking = asking.id CROSS JOIN question ON question.id = asking.question
    JOIN json_each(:grades) AS grade ON grade.value ->> 0 = used.how
WHERE asking.base = (SELECT id FROM base WHERE key = :key) AND asking.command <> :similar AND asking.restricted = 0
GROUP BY question.id, used.lesson ORDER BY question.id, used.lesson
"""
_OF_A_YEAR = """
    FROM asking WHERE base = (SELECT id FROM base WHERE key = :key) AND restricted = 0 AND command <> :similar
        AND time > :since
"""
_ASKED_FOR = f"""
SELECT lessons ->> 0 AS first, count(*) {_OF_A_YEAR} GROUP BY first HAVING first IS NOT NULL
"""
_MISSED = f"""
WITH near AS (
    SELECT lessons ->> 0 AS lesson, question, count(*) AS times {_OF_A_YEAR} AND verdict = 0 GROUP BY lesson, question
),
found AS (
    SELECT DISTINCT value AS lesson
    FROM (SELECT lessons {_OF_A_YEAR} AND verdict > 0), json_each(lessons)
    UNION SELECT lesson FROM used WHERE asking IN (SELECT id {_OF_A_YEAR})
)
SELECT lesson, count(*) AS questions, (
    SELECT text FROM near AS most JOIN question ON question.id = most.question
    WHERE most.lesson = near.lesson ORDER BY most.times DESC, question.id LIMIT 1
)
FROM near WHERE lesson IS NOT NULL AND lesson NOT IN (SELECT lesson FROM found)
GROUP BY lesson HAVING questions >= :least ORDER BY questions DESC, lesson
"""  # noqa: S608 - our own clauses
