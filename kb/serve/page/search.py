"""The first page: what is asked, and the lessons found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from kb.config import Config
from kb.open_index import OpenIndex
from kb.pages.library import Said
from kb.pages.page import render_in
from kb.retrieval.answer import Answer
from kb.serve.page.asked import Question
from kb.serve.page.frame import Place
from kb.serve.page.hits import hit_of
from kb.serve.page.library import Library
from kb.serve.page.narrowing import Narrowing, Option
from kb.site.lists import row_of
from kb.wording import counted, shortened
from search.engine import Relevance
from search.query import Condition, is_identifier

_MEANINGS = {
    Relevance.ANSWERS: "the library answers this",
    Relevance.MAY_HELP: "judge for yourself whether these cases are like yours",
    Relevance.NEAREST: "nothing here is sure to help; these are the nearest lessons",
}
_NEWEST, _CLOUD = 8, 24
_MORE, _MOST = 10, 100
_WORDS_NAMED = 8
_LONGEST_TITLE = 80
_NAMED = ("unit", "area", "evidence", "since", "until")
_ROWS_OF_A_MAIL = 6


class View(NamedTuple):
    """One of the ways in which a problem can be looked at."""

    name: str
    address: str
    is_here: bool


class Box(NamedTuple):
    """The box in which a problem is described."""

    text: str
    rows: int
    action: str
    """Where it is sent, with the conditions that stay; the text itself is never part of it."""
    is_long: bool
    """Whether what leads on must send the text again, because it is in no address."""
    views: Sequence[View]


def box_of(question: Question, path: str = "") -> Box:
    """Return the box on the page with a path."""
    views = [
        View(name, address_of(question, other), other == path)
        for name, other in (("Lessons", ""), ("One page", "brief"), ("Whom to ask", "who"))
    ]
    action = question.but(q="").address(path)
    return Box(
        question.q.replace("\r\n", "\n"), _ROWS_OF_A_MAIL if question.is_long else 1, action, question.is_long, views
    )


def address_of(question: Question, path: str = "") -> str:
    """Return the address that asks a question; of a long one the rest, which is sent with the text."""
    return (question.but(q="", limit=question.limit) if question.is_long else question).address(path)


def start_page(library: Library, place: Place) -> str:
    content = library.content
    clouds = [
        (name, [Said(one, address(one), f"{len(lessons):,}") for one, lessons in [*groups.items()][:_CLOUD]])
        for name, groups, address in (
            ("Units", content.units, content.addresses.unit),
            ("Tags", content.tags, content.addresses.tag),
        )
    ]
    return render_in(
        place.shell("", has_box=True),
        "served/start.html",
        library.content.name,
        box=box_of(Question()),
        newest=[row_of(lesson, content.addresses) for lesson in content.lessons[:_NEWEST]],
        clouds=[cloud for cloud in clouds if cloud[1]],
    )


def results_page(library: Library, question: Question, place: Place) -> str:
    """Return the lessons found; raises `QueryError` for what cannot be asked."""
    config = library.base.config
    request = question.request(config)
    with library.base.open(request.mode) as index:
        answer = index.ask(replace(request, limit=request.limit + 1))

        def read(other: Question) -> Sequence[Condition]:
            return _conditions(other, index, config)

        narrowing = [*Narrowing(library, question, read).groups(address_of)]
        conditions = read(question)
        met = library.facets.count(conditions) if conditions else len(library.content.lessons)
    results = answer.results[: request.limit]
    helps = answer.relevance.is_relevant
    is_judged = any(result.lexical or result.semantic for result in results)
    return render_in(
        place.shell("", has_box=True),
        "served/results.html",
        _title(question),
        box=box_of(question),
        hits=[hit_of(one, library, in_full=one.relevance.is_relevant or not helps) for one in results],
        verdict=(answer.relevance.value, answer.relevance.label, _MEANINGS[answer.relevance]) if is_judged else None,
        told=_told(answer, met, is_judged=is_judged, shown=len(results)),
        notes=[*_notes(answer, question)],
        more=_more(question, answer, request.limit),
        nearest=_nearest(question, answer),
        narrowing=narrowing,
        chosen=[*_chosen(question)],
        question=question,
        without=address_of(Question(q=question.q)),
    )


def _conditions(question: Question, index: OpenIndex, config: Config) -> Sequence[Condition]:
    return index.searcher.read(question.request(config)).filters if question.asks else ()


def _title(question: Question) -> str:
    return shortened(" ".join(question.q.split()), _LONGEST_TITLE) or "Lessons"


def _told(answer: Answer, met: int, *, is_judged: bool, shown: int) -> str:
    """Return how many lessons were looked through or found."""
    if not shown:
        return "No lesson found."
    searched = counted(met, "lesson")
    if not is_judged:
        return f"{searched}, the newest first." if met > 1 else f"{searched}."
    return f"{counted(shown, 'lesson')} shown of {searched} searched."


def _notes(answer: Answer, question: Question) -> Iterator[str]:
    """Yield what a reader should know; what only the command line can do is left out."""
    for note in answer.notes:
        said = note.partition("; see --")[0]
        if not said.endswith("the newest first"):
            yield said
    if answer.unknown_words and not question.is_long:
        named = [word for word in answer.unknown_words if not answer.relevance.is_relevant or is_identifier(word)]
        if named:
            yield f"no lesson has: {', '.join(shortened(word, 40) for word in named[:_WORDS_NAMED])}"


def _more(question: Question, answer: Answer, limit: int) -> str:
    """Return the address of the same with more lessons; empty if there are none."""
    if len(answer.results) <= limit or limit >= _MOST:
        return ""
    return address_of(question.but(limit=min(limit + _MORE, _MOST)))


def _nearest(question: Question, answer: Answer) -> str:
    """Return the address of all lessons that are only near; empty if they are shown, or others help."""
    is_short = answer.results and not answer.relevance.is_relevant and not question.all
    return address_of(question.but(all=True)) if is_short else ""


def _chosen(question: Question) -> Iterator[Option]:
    """Yield the conditions that are stated beside the text, each with the address without it."""
    stated: list[tuple[str, dict[str, Any]]] = [
        *((kind.value, {"kind": tuple(one for one in question.kind if one != kind)}) for kind in question.kind),
        *((f"{name}: {value}", {name: None}) for name in _NAMED if (value := getattr(question, name))),
        *((f"tag: {tag}", {"tag": tuple(one for one in question.tag if one != tag)}) for tag in question.tag),
        *((one, {"where": tuple(other for other in question.where if other != one)}) for one in question.where),
    ]
    for name, changes in stated:
        yield Option(name, "", address_of(question.but(**changes)), is_chosen=True)
