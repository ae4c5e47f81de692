"""People as notes name them: `Jane Doe <jane@example.org>; Bob Roe (bob@example.org)`."""

from __future__ import annotations

import re

from ingest.markdown import plain_inline

_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_BESIDE = re.compile(r"\([^()]*\)|<[^<>]*>|\[[^\[\]]*\]")
_NAME = re.compile(r"(?:(?:Dr|Prof|Mr|Mrs|Ms)\.? )?[^\W\d_][\w.'\u2019-]*(?: [^\W\d_][\w.'\u2019-]*){0,4}")
_PARTICLES = {"van", "de", "von", "der", "den", "da", "di", "del", "la", "le", "bin", "al", "y", "dos", "ten", "zu"}
_MANY = 10


def people_in(text: str) -> list[dict[str, str]]:
    """Return name and, where a mail address stands beside it, contact of everybody; nothing if it is no list of names.

    What follows a name after a comma may be what this person does; then it is only the first.
    """
    parts = [part for part in re.split(r";|,| and (?=[A-Z])| & ", text) if part.strip()]
    found = [_person(part) for part in parts]
    whole = [person for person in found if person]
    if len(whole) == len(found):
        return whole[:_MANY]
    return whole[:1] if found and found[0] else []


def _person(part: str) -> dict[str, str] | None:
    mail = _MAIL.search(part)
    plain = _MAIL.sub("", _BESIDE.sub(" ", part)).strip(" \t\"'<>()|-")
    name = " ".join(plain_inline(plain).split()).rstrip(".")
    if not _NAME.fullmatch(name) or not all(_is_capital(word) for word in name.split()):
        return None
    return {"name": name, **({"contact": mail[0]} if mail else {})}


def _is_capital(word: str) -> bool:
    return not word[0].islower() or word in _PARTICLES
