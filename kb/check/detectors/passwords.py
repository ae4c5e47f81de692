"""Passwords, recognized by the words around them, because a password itself has no fixed form."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from kb.check.detectors.placeholder import is_random, looks_like_password, looks_real

Place = tuple[int, int]
"""Start and end offset of a password in a text."""

_OPEN = r"[\"'`*_]{0,3}"
_BLANK = r"(?:[ \t]{1,2}|[ \t]?\n[ \t>]{0,4})"
_VALUE = r"(?P<value>[^\s\"'`,;<>(){}\[\]|\u0e00-\u0e7f\u3000-\uffef]{8,512}+)(?!<(?!/)|[(\[{])"
"""Bounded, so that the time is linear in the length of the text."""
_IS = "is|was|are|were|reads|ist|war|lautet|lautete|est|était|es|era|fue|è|é|foi|luidt"
_NOW = "now|still|just|only|currently|jetzt|nun|noch|maintenant|ahora|ora|agora|nu"
_CHANGED = r"(?:(?:set|changed|reset|updated) )?(?:to|auf|naar)"
_SIGN = r"(?::=|=>|[:=>\uff1a\uff1d]|[-\u2013\u2014](?= )|です[:\uff1a]?|[是为為は][:\uff1a]?)"

_STATED = re.compile(
    # some words between the name and the sign or verb: `for the vault`
    rf"s?(?P<between>(?:{_BLANK}[^\s:=;|\"'`]{{1,30}}){{0,12}}?)"
    rf"{_OPEN}(?:[ \t]?{_SIGN}|{_BLANK}(?:(?:{_IS})(?: (?:{_NOW}))?|(?:{_IS} )?{_CHANGED})(?=[\s:]))"
    rf"{_OPEN}{_BLANK}?:?{_BLANK}?{_OPEN}{_VALUE}",
    re.IGNORECASE,
)
_STOOD = re.compile(
    rf"{_OPEN}[ \t]?[:=]{_OPEN}[ \t]?{_OPEN}(?P<value>[^\s\"'`,;<>(){{}}\[\]|]{{6,64}}+){_OPEN}"
    r"[ \t](?:was|is|stood|stands|lay|sat"
    r"|war|stand|steht|\u00e9tait|est|estaba|est\u00e1|era)[ \t](?:still[ \t]|noch[ \t])?"
    r"(?:in|on|at|under|hard-?coded|written|visible|im|am|auf|dans|sur|en)\b",
    re.IGNORECASE,
)
"""A short password, followed by where it was found: `password: hunter2 was in the script`."""
_ARGUMENT = re.compile(rf"(?:[ \t]{{1,4}}|=)[\"'`]?{_VALUE}")
_LOGIN = re.compile(rf"(?:[ \t]{{1,4}}|=)?[\"'`]?[^\s:/\"'`]{{1,64}}+:{_VALUE}")
_LOGIN_STATED = re.compile(
    rf"[ \t]?(?:[:=]|are|is|sind|sont|son|sono|são|zijn)[ \t]{{1,2}}{_OPEN}[\w.@+-]{{1,64}}+ ?[:/] ?(?!/){_VALUE}"
)
_SHORT_ARGUMENT = re.compile(rf"(?=[ \t])[^\n|;]{{0,80}}? -[pa][ \t]?[\"']?{_VALUE}")
_TOKEN = re.compile(r"[ \t]{1,4}(?P<value>[\w.~+/-]{12,4096}+=*)")


def _is_login(value: str) -> bool:
    """Return whether a text is `user:password` in base64."""
    try:
        return looks_real(base64.b64decode(value, validate=True).decode().partition(":")[2])
    except ValueError:
        return False


class _Clue(NamedTuple):
    """A pattern that announces a password."""

    hint: str
    """A part of the name in lower case; it is searched first because that is fast."""
    name: re.Pattern[str]
    """Matched against the text in lower case."""
    pattern: re.Pattern[str]
    """Matches the text after the name, with the value as a group."""
    is_one: Callable[[str], bool] = looks_real


def _clue(
    hint: str, name: str = "", pattern: re.Pattern[str] = _STATED, is_one: Callable[[str], bool] = looks_real
) -> _Clue:
    return _Clue(hint, re.compile(name or re.escape(hint)), pattern, is_one)


# In English, German, French, Spanish, Italian, Portuguese, Dutch; Chinese and Japanese.
_PASS = r"pass(?:wor[dt]|wd|phrase|code| phrase)"  # noqa: S105 - a pattern for the word
_CLUES = (
    _clue("pass", rf"{_PASS}|pass(?:e(?<=mot de passe)|e(?<=palavra-passe)|(?= ?[:=]))"),
    _clue("pass", _PASS, pattern=_STOOD, is_one=looks_like_password),
    _clue("pw", r"pw(?:d|(?= ?[:=]))"),
    _clue("key", r"key(?:(?<=api.key)|(?<=apikey)|(?<=access.key)|(?<=accesskey))"),
    *map(_clue, ("secret", "token", "kennwort", "clave de acceso", "parola d'ordine", "chiave d'accesso")),
    *map(_clue, ("senha", "wachtwoord")),
    _clue("psk", r"psk(?= ?[:=])"),
    _clue("mdp", r"mdp(?= ?[:=])"),
    _clue("bearer", pattern=_TOKEN, is_one=is_random),
    _clue("authorization", r"authorization[\"']? ?[:=] ?[\"']?token", pattern=_TOKEN, is_one=is_random),
    _clue("basic", pattern=_TOKEN, is_one=_is_login),
    _clue(" -", rf" --?(?:[a-z]{{1,20}}[-_]){{0,3}}(?:{_PASS}|pass|pwd|secret|token|api-?key)", pattern=_ARGUMENT),
    _clue("-u", r"(?<=\s)(?:-u|--(?:proxy-)?user)", pattern=_LOGIN),
    _clue("mysql", r"mysql\w{0,8}", pattern=_SHORT_ARGUMENT),
    *(_clue(program, pattern=_SHORT_ARGUMENT) for program in ("mariadb", "sshpass", "redis-cli", "docker login")),
    _clue("cred", r"cred(?:ential|encial|enzial)\w{0,3}", pattern=_LOGIN_STATED),
    *(_clue(name, pattern=_LOGIN_STATED) for name in ("login", "zugangsdaten", "identifiants", "inloggegevens")),
)
_OTHER_CLUES = tuple(map(_clue, ("contraseña", "密码", "密碼", "口令", "パスワード")))
"""Used only in texts that are not pure ASCII."""
# RFC 3986, 3.2.1: `user:password@` before the host.
_IN_URL = re.compile(r"://(?P<user>[^\s/:@\"'`<>]*):(?P<value>[^\s/@\"'`<>]+)@")
_ROW = re.compile(r"^[ \t>]{0,12}\|([^\n]*)$", re.MULTILINE)
_DIGEST = re.compile(r"\bsha\d+\Z", re.IGNORECASE)
_LINK_OR_NAME = re.compile(r"://|@[\w-]+\.|^[./~#]|\.(?:md|txt|ya?ml|json|html?|py|sh|com|org|net|io)\b")


def passwords(text: str) -> Iterator[Place]:
    """Yield the places of the passwords in a text; some are yielded twice."""
    lower = text.lower()
    if len(lower) != len(text):  # a few letters become two in lower case, which shifts offsets
        lower = text
    if "://" in text:
        yield from _in_urls(text)
    for clue in _CLUES if lower.isascii() else (*_CLUES, *_OTHER_CLUES):
        if clue.hint in lower:
            yield from _after(clue, text, lower)
    if "|" in text:
        yield from _in_tables(text)


def _in_urls(text: str) -> Iterator[Place]:
    for match in _IN_URL.finditer(text):
        if match["value"] != match["user"] and looks_real(match["value"]):
            yield match.span("value")


def _after(clue: _Clue, text: str, lower: str) -> Iterator[Place]:
    for name in clue.name.finditer(lower):
        found = clue.pattern.match(text, name.end())
        if found and clue.is_one(found["value"]):
            is_public = "public" in lower[max(name.start() - 12, 0) : name.start()]  # `publicKeyToken` of .NET
            between = found["between"] if clue.pattern is _STATED else ""
            is_other = between and (_LINK_OR_NAME.search(found["value"]) or _DIGEST.search(between))
            if not is_other and not is_public:
                yield found.span("value")


def _in_tables(text: str) -> Iterator[Place]:
    """Yield table cells to the right of a password's name, or below one in the first row."""
    below: set[int] = set()
    end = -2
    for row in _ROW.finditer(text):
        cells = _cells(row[1], row.start(1))
        names = {number for number, (_, cell) in enumerate(cells) if _is_name(cell)}
        below = names if row.start() != end + 1 else below
        end = row.end()
        for number, (place, cell) in enumerate(cells):
            if (number in below or number - 1 in names) and " " not in cell and looks_real(cell):
                yield place


def _is_name(cell: str) -> bool:
    """Return whether a table cell names a password, in three words at most."""
    lower = cell.lower()
    if lower.count(" ") > 2:
        return False
    clues = (clue for clue in (*_CLUES, *_OTHER_CLUES) if clue.pattern is _STATED and clue.hint in lower)
    return any(clue.name.search(f"{lower}:") for clue in clues)


def _cells(row: str, start: int) -> list[tuple[Place, str]]:
    """Return the cells of a table row with their places, without marks of code and emphasis."""
    found = []
    for cell in re.finditer(r"[^|]+", row):
        text = cell[0].strip(" \t`*_")
        at = start + cell.start() + cell[0].find(text)
        found.append(((at, at + len(text)), text))
    return found
