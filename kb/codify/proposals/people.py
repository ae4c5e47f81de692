"""Finds people in notes: `Sponsor: Jane Doe <jane@example.org>; Bob Roe, head of sales (+49 30 1234567)`."""

from __future__ import annotations

import re

from ingest.kinds import normalize
from ingest.markdown.plain import plain_inline
from kb.codify.labels.roles import role_of

_MAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(r"(?<![\w+])(?:\+|00?)\d(?:[\s./-]{0,2}(?:\d|\(\d{1,5}\))){5,14}(?!\w)")
_PHONE_LABEL = re.compile(r"\b(?:tel|phone|mobile|mail|e-?mail)\b[.:]?", re.IGNORECASE)
_BESIDE = re.compile(r"\([^()]*\)|<[^<>]*>|\[[^\[\]]*\]")
_NAME = re.compile(r"(?:(?:Dr|Prof|Mr|Mrs|Ms)\.? )?[^\W\d_][\w.'\u2019-]*(?: [^\W\d_][\w.'\u2019-]*){0,4}")
_PARTICLES = {"van", "de", "von", "der", "den", "da", "di", "del", "la", "le", "bin", "al", "y", "dos", "ten", "zu"}
_JOB = re.compile(
    r"\b(?:head|manager|director|lead|leader|chief|officer|engineer|president|supervisor)$", re.IGNORECASE
)
_GROUP = re.compile(
    r"\b(?:sales|ops|operations|support|it|marketing|finance|hr|services?|team|group|departments?|desk|logistics|engineering"
    r"|platform|facility|office|unit|board|everyone|everybody|nobody|none|all|tbd|n/?a|unknown|unassigned|vertrieb|technik"
    r"|einkauf)\b",
    re.IGNORECASE,
)
"""Names that contain one of these are not persons."""
_GROUP_ALONE = re.compile(
    r"customers?|clients?|patients?|suppliers?|vendors?|visitors?|guests?|pharmacy|reception|security|helpdesk|hotline"
    r"|warehouse|ward|lab|laboratory|workshop|vacant|kunden?|kundin(?:nen)?|lieferant(?:en)?|g\u00e4ste?|apotheke|empfang"
    r"|lager|werkstatt|offen|niemand|alle|clientes?|proveedor(?:es)?|fournisseurs?|pharmacie|farmacia|accueil",
    re.IGNORECASE,
)
"""The same for one-word names only, because some of these are surnames: `Simon Ward`."""
_MAILED = re.compile(r"\[(?P<name>[^\[\]]+)\]\(mailto:(?P<mail>[^()\s]+)\)")
_TURNED = re.compile(r"\"(?P<last>[^\",<>@;]{1,60}),\s*(?P<first>[^\",<>@;]{1,60})\"\s*<")
"""A sender as Outlook writes it: `"Doe, Jane" <jane@example.org>`."""
_ROLE_BESIDE = re.compile(r"\((?P<role>[^()]+)\)")
_PARTS_BESIDE = re.compile(r"\u00b7|\s(?:and|und|et|y|e|en)\s")
_BRACKETS = re.compile(r"\([^()]{1,80}\)")
_BEHIND_SIGN = re.compile(r"(?:\s[-\u2013\u2014]|,)\s(?P<role>[^\W\d_][\w'\u2019 -]{2,30})(?=[,;]|$)")
_NEXT_MAILED = re.compile(r"(\(mailto:[^()\s]+\))\s+(?=\[)")
_CAPITAL = r"[^\W\d_a-z\u00df-\u00f6\u00f8-\u00ff]"
_BETWEEN = re.compile(
    rf";|,|\s(?:and|und|et)\s(?={_CAPITAL})|\s[&+/]\s|\s(?=@[^\W\d_])|\s[ye]\s(?={_CAPITAL}[\w.'\u2019-]*\s{_CAPITAL})"
)
"""Separators between persons; in Spanish, `y` may also be part of a name: `Jos\u00e9 Ortega y Gasset`."""
_FIRST_NAMES_JOINED = re.compile(rf"\s*({_CAPITAL}[\w'\u2019-]*)\s[ye]\s({_CAPITAL}[\w'\u2019-]*)\s*")
_SURNAME_FIRST = re.compile(
    rf"\s*(?P<last>{_CAPITAL}[\w'\u2019-]*(?:\s{_CAPITAL}[\w'\u2019-]*)?),\s*(?P<first>{_CAPITAL}[\w.'\u2019-]*(?:\s{_CAPITAL}[\w.'\u2019-]*)?)"
    r"(?P<beside>\s*[<(].*)?\s*"
)
_GIVEN_TITLE = re.compile(r"\A(?:(?:Dr|Prof|Mr|Mrs|Ms|Hr|Fr|Hrn|Herr|Frau)\.?\s)+")
_FULL_NAME = 2
"""In words."""
_MANY = 10


def _role_beside(text: str) -> str:
    """Return the role in brackets after a name, as in `Jane Doe (sponsor)`; empty if there is none."""
    found = _ROLE_BESIDE.search(text)
    words = _PARTS_BESIDE.split(found["role"].casefold()) if found else []
    return next((role for one in words if (role := role_of(one.strip()) or role_of(normalize(one)))), "")


def _with_brackets(text: str) -> str:
    """Return a list of people with roles after a comma or a dash put in brackets.

    Separators of people within brackets are replaced, so that they do not split the list.
    """
    bracketed = _BEHIND_SIGN.sub(lambda found: f" ({found['role']})" if _is_role(found["role"]) else found[0], text)
    return _BRACKETS.sub(lambda found: re.sub(r"\s?[,;/&]\s?", " \u00b7 ", found[0]), bracketed)


def _is_role(words: str) -> bool:
    return bool(role_of(words.casefold())) and not _is_group(words)


def people_in(text: str) -> list[dict[str, str]]:
    """Return name and, if they follow it, role and contact (mail address or telephone number) of each person.

    If other text such as a job follows a name, only the first person is returned. Empty if the text is no list of
    names.
    """
    people: list[dict[str, str]] = []
    is_list = True
    text = _TURNED.sub(r"\g<first> \g<last> <", _MAILED.sub(r"\g<name> <\g<mail>>", _NEXT_MAILED.sub(r"\1; ", text)))
    parts = [part for part in _parts(_with_brackets(text.replace('"', ""))) if part.strip()]
    if len(parts) > _FULL_NAME and _MAIL.search(text) and _is_group(parts[0]) and len(parts[1].split()) >= _FULL_NAME:
        parts = parts[1:]
    for part in parts:
        name, contact, is_described = _read(part)
        if name:
            role = _role_beside(part)
            people.append({"name": name, **({"role": role} if role else {})})
        elif not people:
            return []
        is_list = is_list and not is_described
        if contact and people:
            people[-1].setdefault("contact", contact)
    return people[:_MANY] if is_list else people[:1]


def without_title(name: str) -> str:
    """Return a name without `Dr.` and the like, because the same person may be named with and without it."""
    return _GIVEN_TITLE.sub("", name)


def _parts(text: str) -> list[str]:
    """Split a list of people; `Lopez, Maria; Reiter, Tom` are two."""
    if ";" in text:
        turned = [_SURNAME_FIRST.fullmatch(part) for part in text.split(";") if part.strip()]
        if len(turned) > 1 and all(found and not _is_group(found["last"]) for found in turned):
            names = [f"{found['first']} {found['last']}{found['beside'] or ''}" for found in turned if found]
            if not any(_is_no_person(name) for name in names):
                return names
    joined = _FIRST_NAMES_JOINED.fullmatch(text)
    return [joined[1], joined[2]] if joined else _BETWEEN.split(text)


def _is_group(part: str) -> bool:
    words = part.strip()
    return bool(_GROUP.search(words) or _GROUP_ALONE.fullmatch(words))


def _is_no_person(words: str) -> bool:
    name = without_title(words)
    return bool(_JOB.search(name) or _GROUP.search(name) or _GROUP_ALONE.fullmatch(name))


def _read(part: str) -> tuple[str, str, bool]:
    """Return the name and the contact in a part of a list, and whether it has other text."""
    contact = _MAIL.search(part) or _PHONE.search(part)
    plain = _BESIDE.sub(" ", _PHONE_LABEL.sub("", _PHONE.sub("", _MAIL.sub("", part))))
    words = " ".join(plain_inline(plain.strip(" \t\"'<>()|-@")).split()).rstrip(".")
    is_named = bool(_NAME.fullmatch(words)) and all(map(_is_capital, words.split()))
    is_name = is_named and not _is_no_person(words) and role_of(words.casefold()) is None
    return (
        words if is_name else "",
        contact[0].strip() if contact else "",
        bool(words) and not is_name and not _GROUP_ALONE.fullmatch(words),
    )


def _is_capital(word: str) -> bool:
    return not word[0].islower() or word in _PARTICLES
