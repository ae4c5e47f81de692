"""Makes a brief from the lessons that were found for a problem."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from ingest.kinds import Kind
from ingest.lesson import Lesson
from kb.brief.brief import Brief, Case, Contact, Line, Role
from kb.brief.choosing import Choice
from kb.brief.fitting import fitted
from kb.brief.front import FrontLines
from kb.brief.problem import in_one_line
from kb.brief.source import Source, sources_of
from kb.brief.statement import Statement
from kb.brief.steps import MOST, steps_in
from kb.brief.tools import failures_in, tools_in
from kb.brief.unknown import unknown_facts, unknown_words
from kb.lessons.likeness import Likeness, likeness
from kb.lessons.stated import stated
from kb.retrieval.matches import Found
from kb.retrieval.searcher import Searcher
from kb.who.candidate import AUTHOR
from kb.who.who import Expert, FoundLesson, experts_of
from search.query import is_identifier

SOURCES = 5
"""Most lessons that a brief draws from."""
_CASES, _TOOLS, _FAILURES, _PEOPLE = 3, 4, 2, 3
_MOST_COMPARED = 12
"""People."""
# Most sentences of a case: on what happened or was done, on what was learned; most conditions of each key.
_TOLD, _LEARNED, _CONDITIONS = 3, 2, 2
_WORDS_NAMED = 5
# The facts by which a case is said to differ from the lesson that is the problem; tags differ always.
_COMPARED = ("unit", "area")
# Of a longer problem, most words say nothing by themselves.
_MOST_TERMS = 12
# In nats, the information of a name or another rare word; `nothing`, `time` and `plan` have less, `need` much less.
_RARE, _TELLING = 4.0, 2.5


class BriefMaker:
    """Makes the brief for one answer."""

    def __init__(self, searcher: Searcher, found: Found, front: FrontLines, subject: Lesson | None = None) -> None:
        """`subject`: the lesson that the problem is taken from, with which the cases are compared."""
        self._found = found
        self._front = front
        self._subject = subject
        self._information = searcher.information(found)
        self._rare = {word: value for word, value in self._information.items() if value >= _RARE}
        self._sources = sources_of(searcher, found, self._rare)
        self._helping = [source for source in self._sources if source.result.relevance.is_relevant]
        self._close = [source for source in self._helping if source.is_close]
        self._shown = _distinct(self._close or self._sources)[:_CASES]
        self._choice = Choice(found.explanation.information)
        self._known_people = searcher.people

    def brief(self) -> Brief:
        """Return the brief; a weak one, for which no lesson is sure to help, has only the nearest cases."""
        answer = self._found.answer
        cases = tuple(map(self._case, self._shown))
        tools, steps = tools_in(self._close, self._choice, _TOOLS), self._steps()
        failures = _in_order(self._choice.best(failures_in(self._close), _FAILURES))
        return fitted(
            Brief(
                problem=in_one_line(answer.query, self._words_of_the_best),
                relevance=answer.relevance,
                index=answer.index,
                notes=answer.notes,
                cases=cases,
                tools=tuple(tools),
                steps=tuple(steps),
                failures=tuple(failures),
                people=tuple(self._people()),
                unknown=tuple(self._unknown(steps, failures)),
                answer=answer,
            )
        )

    def _case(self, source: Source) -> Case:
        return Case(source.lesson, source.result.relevance, tuple(self._lines(source)))

    def _lines(self, source: Source) -> Iterator[Line]:
        best = self._choice.best
        told = _TOLD if self._helping else 1
        if not source.of(Kind.CASE):
            yield from _quoted(Role.HAPPENED, best(source.of(Kind.PROBLEM, Kind.OTHER), told))
        yield from _quoted(Role.DID, best(source.of(Kind.CASE), told))
        if self._helping:
            yield from self._details(source)
        yield from self._compared(source)

    def _details(self, source: Source) -> Iterator[Line]:
        lesson, best = source.lesson, self._choice.best
        yield from _quoted(Role.LEARNED, best(source.of(Kind.KNOWLEDGE), _LEARNED))
        if gain := self._front.worth(lesson):
            self._choice.remember(gain.text)
            yield from _quoted(Role.RESULT, [gain])
        else:
            yield from _quoted(Role.RESULT, best(source.of(Kind.IMPACT), 1))
        if source.result.reuse:
            yield Line(Role.USED, source.result.reuse.in_words)
        for role, key in ((Role.APPLIES, "applies_when"), (Role.NOT_WHEN, "not_when")):
            yield from _quoted(role, best(self._front.conditions(lesson, key), _CONDITIONS))

    def _compared(self, source: Source) -> Iterator[Line]:
        """Yield what a case shares with the problem: words of a short one, or facts of the lesson it is taken from."""
        shared: Sequence[str] = ()
        lacking: Sequence[str] = ()
        if self._subject:
            shared, lacking = _facts_compared(likeness(self._subject, source.lesson))
        elif self._is_short:
            shared, lacking = self._shared_words(source), self._missing_words(source)
        for role, named in ((Role.ALIKE, shared), (Role.UNLIKE, lacking)):
            if named:
                yield Line(role, ", ".join(named))

    def _shared_words(self, source: Source) -> list[str]:
        """Return the words of the problem, as typed, that a case has, without those that say little."""
        typed = self._found.answer.query.casefold().split()
        shared = [word for word in source.result.words if word.casefold() in typed]
        return [word for word in shared if self._tells(word)][:_WORDS_NAMED]

    def _tells(self, word: str) -> bool:
        """Return whether a word is not one that any problem may have, such as `people` or `need`."""
        return self._information.get(word, _TELLING) >= _TELLING

    def _missing_words(self, source: Source) -> list[str]:
        """Return the rare words of the problem that a case does not have, but another lesson does."""
        unknown = self._unknown_words
        return [word for word in source.missing if word not in unknown][:_WORDS_NAMED]

    def _steps(self) -> list[Statement]:
        for source in self._close:
            if steps := steps_in(source.of(Kind.METHOD)):
                return steps
        methods = [statement for source in self._close for statement in source.of(Kind.METHOD)]
        return _in_order(self._choice.best(methods, MOST // 2))

    def _unknown(self, steps: Sequence[Statement], failures: Sequence[Statement]) -> Iterator[str]:
        if self._withholds_all:
            yield "whom to ask: nobody is named until people.md is put right; see `kb check`"
        yield from unknown_words(self._close, self._unknown_words, names_words=self._is_short)
        is_somebody_named = bool(self._experts) or self._withholds_all
        yield from unknown_facts(self._close, method=bool(steps), failures=bool(failures), people=is_somebody_named)

    def _people(self) -> Iterator[Contact]:
        """Yield the people behind the cases, the best first, but those who can be reached before the others.

        An author whom only git names, without an address, is nobody to call as long as there are others.
        """
        known = [one for one in self._experts if one.ask.contact or one.roles != (AUTHOR,)] or self._experts
        for expert in sorted(known, key=lambda expert: not expert.ask.contact)[:_PEOPLE]:
            yield Contact(str(expert.ask), expert.lessons[0])

    @cached_property
    def _experts(self) -> list[Expert]:
        found = [FoundLesson(source.lesson, source.standing, source.result.relevance) for source in self._shown]
        return experts_of(found, self._known_people, _MOST_COMPARED)

    @property
    def _withholds_all(self) -> bool:
        return self._known_people.directory().hides_all

    @property
    def _is_short(self) -> bool:
        return len(self._found.explanation.information) <= _MOST_TERMS

    @property
    def _unknown_words(self) -> list[str]:
        """Those of a short problem; of a mail they would be names, addresses and dates."""
        unknown = self._found.answer.unknown_words
        return [word for word in unknown if is_identifier(word) or word in self._rare] if self._is_short else []

    @property
    def _words_of_the_best(self) -> Mapping[str, float]:
        """The terms of the problem that the best lesson has, with their information."""
        explanation = self._found.explanation
        added = explanation.reasons[0].added if explanation.reasons else {}
        return {term: value for term, value in explanation.information.items() if term in added}


def _facts_compared(alike: Likeness) -> tuple[list[str], list[str]]:
    """Return the facts that two lessons share, and those in which the other one differs."""
    others = {name: values for name, (_, values) in alike.differs.items() if name in _COMPARED}
    return _named(alike.shared), _named(others)


def _named(values_of: Mapping[str, Sequence[str]]) -> list[str]:
    known = {name: [value for value in values if stated(value)] for name, values in values_of.items()}
    return [f"{name} {', '.join(values)}" for name, values in known.items() if values]


def _quoted(role: Role, statements: Sequence[Statement]) -> Iterator[Line]:
    """Yield a line for each statement, the best first, so that the page keeps that one if it has room for one."""
    for statement in statements:
        yield Line(role, statement)


def _distinct(sources: Sequence[Source]) -> list[Source]:
    """Return the sources without those that have the title of a better one."""
    return list({source.lesson.title.casefold(): source for source in reversed(sources)}.values())[::-1]


def _in_order(statements: Sequence[Statement]) -> list[Statement]:
    """Return statements in the order in which they are read: those of the better lesson first."""
    lessons = list(dict.fromkeys(one.lesson.path for one in statements))
    return sorted(statements, key=lambda one: (lessons.index(one.lesson.path), one.line, one.number))
