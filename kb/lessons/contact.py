"""Chooses the person to ask about a lesson."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from ingest.format import Person
from kb.lessons.stated import stated

# In order of preference: a named contact first, then the people who took part.
_ROLES = ("contact", "learning-professional", "team", "sponsor")


def whom_to_ask(people: Sequence[Person]) -> str:
    """Return the person to ask, with role and contact, as text; empty if nobody who can be asked is named."""
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
