"""Parses a pasted chat into messages with name and time. Slack, Teams, WhatsApp, Telegram, IRC."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kb.figures.dates import says_only_dates

_CLOCK = r"\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:\s?[AaPp]\.?[Mm]\.?)?"
_DAY = (
    r"(?:\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}|(?:[^\W\d_]{3,9}\.?,?\s)?\d{1,2}\.?\s[^\W\d_]{3,9}\.?(?:,?\s\d{4})?"
    r"|[^\W\d_]{3,9}\.?\s\d{1,2}(?:st|nd|rd|th)?(?:,?\s\d{4})?|[^\W\d_]{3,9})"
)
_WHEN = rf"(?:{_DAY},?\s(?:at\s|um\s|\u00e0\s)?)?{_CLOCK}"
_NAME = r"[^\W\d_][\w.'\u2019-]*(?:\s(?:[^\W\d_][\w.'\u2019-]*|\([^()]{1,20}\))){0,3}"
_MARK = r"(?:\*\*|__|\*)?"
_BLANK = r"[\s\u200e\u200f\u202a-\u202e]*"
"""WhatsApp puts marks for the writing direction around its messages."""
_RELATIVE_DAY = (
    r"(?:today|yesterday|monday|tuesday|wednesday|thursday|friday|saturday|sunday|heute|gestern|montag|dienstag|mittwoch"
    r"|donnerstag|freitag|samstag|sonntag|hier|aujourd['\u2019]hui|hoy|ayer)"
)
_FORMS = tuple(
    re.compile(form)
    for form in (
        rf"{_BLANK}\[(?P<when>{_WHEN})\]\s*{_MARK}(?P<name>{_NAME}){_MARK}(?::{_MARK}\s+(?P<said>\S.*)|:?\s*)",
        rf"{_BLANK}(?P<when>{_WHEN})(?:\s+-|,)?\s+{_MARK}<?(?P<name>{_NAME})>?{_MARK}:{_MARK}\s+(?P<said>\S.*)",
        rf"\s*\[?(?P<when>{_WHEN})\]?\s+<(?P<name>{_NAME})>\s+(?P<said>\S.*)",
        rf"\s*(?!(?i:{_RELATIVE_DAY})\b){_MARK}(?P<name>{_NAME}){_MARK},?(?:\s*[\[(](?P<when>{_WHEN})[\])]|(?<=[*_,])\s+(?P<late>{_WHEN})"
        rf"|\s{{2,}}(?P<later>{_WHEN})|\s(?:\u2014|-)\s(?P<last>{_WHEN})|\s(?P<plain>{_CLOCK}))"
        r"(?:\s*\(edited\))?(?::\s+(?P<said>\S.*)|:?\s*)",
    )
)
_ONLY_WHEN = re.compile(rf"\s*\[?{_WHEN}\]?\s*")
_ONLY_NAME = re.compile(rf"{_MARK}(?P<name>{_NAME}){_MARK}\s*")
_SYSTEM = re.compile(
    r"messages and calls are end-to-end|messages (?:to|you send to) this (?:chat|group)"
    r"|nachrichten und anrufe sind ende-zu-ende|les messages et les appels sont chiffr\u00e9s"
    r"|los mensajes y las llamadas est\u00e1n cifrados|using this group's invite link"
    r"|security code (?:with .{1,60} )?changed"
    r"|(?:created|joined|left|changed) (?:this |the )?(?:group|channel|subject)"
    r"(?: (?:from )?[\"\u201c][^\"\u201c\u201d]*[\"\u201d]?)?\.?$"
    r"|(?:added|removed) you\.?$|hat (?:die|diese) gruppe|a cr\u00e9\u00e9 (?:le|ce) groupe|cre\u00f3 (?:el|este) grupo"
    r"|<(?:media|medien|multimedia)[^<>]{0,20}>$|(?:image|video|audio|sticker|document|gif) omitted$",
    re.IGNORECASE,
)
"""Messages of the chat program itself, not of a person."""
_SYSTEM_ROW = re.compile(rf"{_BLANK}\[?{_WHEN}\]?(?:\s+-|:)?\s+(?P<said>\S.*)")
_JOINED = re.compile(
    rf"{_BLANK}{_NAME}\s(?:has\s)?(?:joined|left|was added to|renamed|started|ended)\s(?:this\s|the\s|a\s)?"
    r"(?:group|channel|conversation|chat|meeting|call|team|space)\b.{0,60}",
    re.IGNORECASE,
)
_RELATIVE_DAY_ALONE = re.compile(rf"{_RELATIVE_DAY}", re.IGNORECASE)
_RELATIVE_WHEN = re.compile(rf"\s*{_RELATIVE_DAY},?\s(?:at\s|um\s|\u00e0\s)?{_CLOCK}\s*", re.IGNORECASE)
_CAPITAL = r"[^\W\d_a-z]"
_FULL_NAME = re.compile(
    rf"(?P<name>{_CAPITAL}[\w.'\u2019-]*(?:\s{_CAPITAL}[\w.'\u2019-]*){{1,3}})|(?P<last>{_CAPITAL}[\w'\u2019-]*),\s(?P<first>{_CAPITAL}[\w.'\u2019-]*)"
)
_TIMELINE = re.compile(rf"\s*{_CLOCK}\s")
_LONGEST = 5_000
_LONGEST_BETWEEN = 120
_FEWEST = 2


@dataclass(frozen=True, slots=True)
class Message:
    """One message, from the row with its writer's name on."""

    row: int
    name: str
    """Empty for a further message of the same person."""
    text: int
    """The row on which its text begins."""
    first_line: str
    """The text on that row, without name and time."""
    is_system: bool = False
    """Whether it is from the chat program: about encryption, people who join or leave, an omitted picture."""


def messages_in(rows: Sequence[str], *, is_chat: bool = False) -> list[Message]:
    """Return the messages of a chat; empty if the text is none, unless `is_chat` says that it is part of one."""
    found = list(_messages(rows))
    if is_chat or any(_is_surely_of_a_chat(rows, message) for message in found):
        return found
    names = [message.name for message in found if message.name]
    answered = len(names) > _FEWEST or (len(names) == _FEWEST and names[0] != names[1])
    is_chat = answered and (len(set(names)) < len(names) or not any(_is_of_a_timeline(rows[one.row]) for one in found))
    return found if is_chat else []


def _is_surely_of_a_chat(rows: Sequence[str], message: Message) -> bool:
    """Return whether the chat program wrote it, or stamped it with a relative day: `Yesterday 4:02 PM`."""
    stamps = rows[message.row : message.text]
    is_stamped = bool(message.name) and any(_RELATIVE_WHEN.fullmatch(stamp) for stamp in stamps)
    return is_stamped or (message.is_system and "<" not in message.first_line)


def _messages(rows: Sequence[str]) -> Iterator[Message]:
    seen = False
    named_until = 0
    for row, line in enumerate(rows):
        below = _at(rows, row + 1)
        if row < named_until or not line.strip() or len(line) > _LONGEST:
            continue
        if (system := _SYSTEM_ROW.fullmatch(line)) and _SYSTEM.search(system["said"]):
            seen = True
            text = _without_marks(_without_name(system["said"]))
            yield Message(row, "", row, text, is_system=True)
        elif found := next((match for form in _FORMS if (match := form.fullmatch(line))), None):
            seen = True
            text = found["said"]
            yield Message(row, found["name"], *((row, _without_marks(text)) if text else (row + 1, below)))
        elif _ONLY_WHEN.fullmatch(below) and (name := _ONLY_NAME.fullmatch(line)):
            seen = True
            yield Message(row, name["name"], row + 2, _at(rows, row + 2))
        elif _ONLY_WHEN.fullmatch(line) and (place := _named_below(rows, row, seen=seen)):
            seen, named_until = True, place.text
            yield place
        elif seen and _ONLY_WHEN.fullmatch(line) and not _ONLY_NAME.fullmatch(rows[row - 1]):
            yield Message(row, "", row + 1, below)


def _named_below(rows: Sequence[str], row: int, *, seen: bool) -> Message | None:
    """Return the message below a time, if its writer's name is on the next row or the one after it."""
    if not (seen or _RELATIVE_WHEN.fullmatch(rows[row])) or (row and _ONLY_NAME.fullmatch(rows[row - 1])):
        return None
    place = row + 1 if _at(rows, row + 1).strip() else row + 2
    found = _FULL_NAME.fullmatch(_at(rows, place).strip())
    if not found or not _at(rows, place + 1).strip():
        return None
    name = found["name"] or f"{found['first']} {found['last']}"
    return Message(row, name, place + 1, _at(rows, place + 1))


def _at(rows: Sequence[str], row: int) -> str:
    return rows[row] if row < len(rows) else ""


def _without_marks(text: str) -> str:
    return text.strip("\u200e\u200f\u202a\u202b\u202c\u202d\u202e ")


def _without_name(text: str) -> str:
    """Return a message of the chat program, without the name of the group before it."""
    name, sign, rest = text.partition(": ")
    return rest if sign and not _SYSTEM.search(name) else text


def _is_of_a_timeline(row: str) -> bool:
    return bool(_TIMELINE.match(row))


def is_between_messages(row: str) -> bool:
    """Return whether a row is from no person: the beginning of a day, or somebody who joins or leaves."""
    text = row.strip(" \t-=_*\u2013\u2014\u2500")
    if not text or len(row) > _LONGEST_BETWEEN:
        return False
    return says_only_dates(text) or bool(_RELATIVE_DAY_ALONE.fullmatch(text) or _JOINED.fullmatch(row))


def with_blank_rows(rows: Sequence[str], messages: Sequence[Message]) -> tuple[list[str], dict[int, str]]:
    """Return the rows with a blank one before each message, and the text of each by its new first row.

    Rows between messages are separated from the message above them.
    """
    begins = {message.row: message for message in messages}
    spaced: list[str] = []
    texts: dict[int, str] = {}
    for row, line in enumerate(rows):
        is_between = row not in begins and is_between_messages(line)
        if (row in begins or is_between) and spaced and spaced[-1].strip():
            spaced.append("")
        if row in begins or is_between:
            texts[len(spaced)] = begins[row].first_line if row in begins else ""
        spaced.append(line)
    return spaced, texts
