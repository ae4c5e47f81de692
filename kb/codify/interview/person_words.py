"""A person on one line: `Bob Roe, sponsor, bob@example.org`, in any order after the name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ingest.format import ROLES
from ingest.lesson import text_of
from kb.codify.labels.roles import role_of

EXAMPLE = "Ann Lee, sponsor, ann@example.org"
_MAIL = r"[^\s,;<>()]+@[^\s,;<>()]+"
_PHONE = r"(?:\+|00?)\d[\d\s()./-]{4,}"
_CONTACT = re.compile(rf"{_MAIL}|{_PHONE}")
_BEHIND_NAME = re.compile(rf"(?P<name>[^,;<>()]+?)[\s(<]+(?P<contact>{_MAIL}|{_PHONE})[)>]?")
_IN_BRACKETS = re.compile(r"(?P<name>[^<>()]+?)\s*[(<](?P<said>[^<>()]+)[)>]")


def person_of(line: str) -> dict[str, str]:
    """Return name, role and contact, as far as they are in the line."""
    fields: dict[str, str] = {}
    contacts: list[str] = []
    for number, part in enumerate(_parts(line)):
        if role := _role(part):
            fields.setdefault("role", role)
        elif number or _CONTACT.fullmatch(part):
            contacts.append(part)
        else:
            fields["name"] = part
    return {**fields, **({"contact": ", ".join(contacts)} if contacts else {})}


def person_in_words(person: Mapping[str, Any]) -> str:
    """Return a whole entry of `people` on one line."""
    fields = {key: text_of(value) for key, value in person.items() if text_of(value)}
    shown = {**fields, **({"until": f"until {fields['until']}"} if "until" in fields else {})}
    return ", ".join(value.replace("-", " ") if key == "role" else value for key, value in shown.items())


def _parts(line: str) -> list[str]:
    """Split a line at commas and brackets, and before a contact that follows a name directly."""
    parts: list[str] = []
    for part in re.split(r"[,;]", line):
        found = _BEHIND_NAME.fullmatch(part.strip()) or _IN_BRACKETS.fullmatch(part.strip())
        parts += [group.strip() for group in (found.groups() if found else (part,))]
    return [part for part in parts if part]


def _role(word: str) -> str:
    """Return the role that a word names, in any supported language or as kb writes it; empty if none."""
    text = " ".join(word.casefold().replace("-", " ").split())
    known = {role.replace("-", " "): role for role in ROLES}
    return known.get(text) or role_of(text) or role_of(f"{text}s") or ""
