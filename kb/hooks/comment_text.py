"""What a comment on an issue or a pull request says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.hooks.checklist import Checklist
from kb.hooks.checklist_page import HEADING, checklist_in_markdown
from kb.hooks.lesson_list import lesson_list
from kb.hooks.links import Links
from kb.wording import counted
from search.engine import Relevance

if TYPE_CHECKING:
    from kb.retrieval.answer import Answer

MOST_LESSONS = 3
_VERDICTS = {
    Relevance.ANSWERS: "The library answers this: somebody had this problem before.",
    Relevance.MAY_HELP: "The library may help; judge for yourself.",
}


def of_issue(answer: Answer, links: Links) -> str:
    """Return the lessons that answer or may help; empty if none does."""
    results = [result for result in answer.results if result.relevance.is_relevant][:MOST_LESSONS]
    return _text(_VERDICTS[answer.relevance], lesson_list(results, links), answer.index.lessons) if results else ""


def of_change(made: Checklist, links: Links) -> str:
    """Return the checklist; empty if no lesson fits."""
    return _text(HEADING, checklist_in_markdown(made, links), made.lessons) if made.items else ""


def _text(heading: str, items: str, lessons: int) -> str:
    return "\n\n".join((f"**{heading}**", items, _footer(lessons)))


def _footer(lessons: int) -> str:
    searched = f"{counted(lessons, 'lesson')} searched"
    return f"<sub>{searched} by kb. Quoted from the lessons; whether they fit here, only a person can say.</sub>"
