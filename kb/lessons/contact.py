"""Whom to ask about a lesson."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from ingest.format import Person
from kb.lessons.stated import stated

# Who is asked first: a named contact, then those who were in the room.
_ROLES = ("contact", "learning-professional", "team", "sponsor")


def whom_to_ask(people: Sequence[Person]) -> str:
    """Return the person to ask, with the role and how to reach them; empty when the lesson names nobody."""
    today = datetime.now(UTC).date().isoformat()
    named = (person for person in people if stated(person.name) == person.name)
    able = [person for person in named if not person.until or person.until >= today[: len(person.until)]]
    ranked = sorted(able, key=lambda person: _ROLES.index(person.role) if person.role in _ROLES else len(_ROLES))
    if not ranked:
        return ""
    person = ranked[0]
    role = f" ({person.role.replace('-', ' ')})" if person.role and person.role != "contact" else ""
    contact = stated(person.contact)
    return f"{person.name}{role}" + (f", {contact}" if contact else "")
