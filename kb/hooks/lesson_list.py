"""The lessons of an answer as a list in Markdown: for an issue, a pull request or a chat."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from kb.hooks.links import Links
from kb.hooks.quoting import quoted
from kb.impact.worth import worth
from kb.lessons.stated import stated
from kb.wording import counted

if TYPE_CHECKING:
    from kb.retrieval.answer import Answer, Result

_LONGEST_TITLE = 200


def answer_in_markdown(answer: Answer, links: Links) -> str:
    """Return an answer in Markdown: each lesson with its level of relevance, what helped and whom to ask."""
    if not answer.results:
        return f"Nothing found; {counted(answer.index.lessons, 'lesson')} searched."
    return lesson_list(answer.results, links)


def lesson_list(results: Sequence[Result], links: Links) -> str:
    """Return a numbered list; of lessons that are only among the nearest, titles and places."""
    return "\n".join(line for number, result in enumerate(results, 1) for line in _item(number, result, links))


def title_of(result: Result) -> str:
    return f"**{quoted(result.lesson.title, _LONGEST_TITLE)}**"


def _item(number: int, result: Result, links: Links) -> Iterator[str]:
    lesson = result.lesson
    status = "" if lesson.status == "validated" else lesson.status
    facts = (result.relevance.label, stated(lesson.unit), lesson.date or "", status)
    yield f"{number}. {' · '.join([title_of(result), *(quoted(fact) for fact in facts if fact)])}"
    details = _details(result) if result.relevance.is_relevant else ()
    yield from (f"   - {line}" for line in (*details, links.place(lesson.path, result.best.line)))


def _details(result: Result) -> Iterator[str]:
    lesson = result.lesson
    summary, snippet = result.paragraphs
    if summary.text:
        yield quoted(summary.text)
    kind = result.best.passage.kind.value
    said = [("" if kind == "other" else kind, snippet.text)]
    said += [(kind.value, shown.snippet.text) for kind, shown in result.helped.items()]
    said += [("superseded by", ", ".join(result.superseded_by)), ("worth", worth(lesson))]
    said += [("used", result.reuse.in_words if result.reuse else ""), ("ask", str(result.ask or ""))]
    for name, text in said:
        if text:
            yield f"*{name}:* {quoted(text)}" if name else quoted(text)
