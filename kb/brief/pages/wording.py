"""What a page says of a brief besides the quoted sentences, in whatever form it is made."""

from __future__ import annotations

from collections.abc import Mapping

from kb.brief.brief import Brief, Case, Contact, Role
from kb.lessons.stated import stated
from kb.wording import counted, shortened
from search.engine import Relevance

_VERDICT: Mapping[Relevance, str] = {
    Relevance.ANSWERS: "the library answers this",
    Relevance.MAY_HELP: "the library may help; judge the cases yourself",
    Relevance.NEAREST: "weak: nothing in the library is sure to help; these are only the nearest cases",
}
_LABELS = {Role.ALIKE: "like yours", Role.UNLIKE: "not in it"}
# Titles, names and units are shortened, sentences never.
_LONGEST_FACT = 200


def verdict(brief: Brief) -> tuple[str, str]:
    """Return how sure it is that a brief helps: the verdict of its best case, and what that means."""
    searched = f"{counted(brief.index.lessons, 'lesson')} searched"
    if not brief.cases:
        return "nothing found", searched
    return brief.relevance.label, f"{_VERDICT[brief.relevance]}; {searched}"


def label_of(role: Role) -> str:
    return _LABELS.get(role, role.value.replace("_", " "))


def title_of(case: Case) -> str:
    return shortened(case.lesson.title, _LONGEST_FACT)


def facts_of(case: Case) -> str:
    """Return what tells a case from others: id, unit, date, status, and how sure it is that it helps."""
    lesson, label = case.lesson, case.relevance.label
    facts = ", ".join(filter(None, (lesson.id, stated(lesson.unit), lesson.date, lesson.status, label)))
    return shortened(facts, _LONGEST_FACT)


def said_of_contact(contact: Contact) -> str:
    """Return a person with the lesson for which to ask."""
    return f"{shortened(contact.name, _LONGEST_FACT)} ({shortened(contact.lesson.id, _LONGEST_FACT)})"
