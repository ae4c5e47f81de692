"""A chat that was pasted: who says what, and when. Slack, Teams, WhatsApp, Telegram, IRC."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_CLOCK = r"\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:\s?[AaPp]\.?[Mm]\.?)?"
_DAY = (
    r"(?:\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}|(?:[^\W\d_]{3,9}\.?,?\s)?\d{1,2}\.?\s[^\W\d_]{3,9}\.?(?:,?\s\d{4})?"
    r"|[^\W\d_]{3,9}\.?\s\d{1,2}(?:st|nd|rd|th)?(?:,?\s\d{4})?|[^\W\d_]{3,9})"
)
_WHEN = rf"(?:{_DAY},?\s(?:at\s|um\s|\u00e0\s)?)?{_CLOCK}"
_NAME = r"[^\W\d_][\w.'\u2019-]*(?:\s(?:[^\W\d_][\w.'\u2019-]*|\([^()]{1,20}\))){0,3}"
_MARK = r"(?:\*\*|__|\*)?"
_FORMS = tuple(
    re.compile(form)
    for form in (
        rf"\s*\[(?P<when>{_WHEN})\]\s*{_MARK}(?P<name>{_NAME}){_MARK}(?::{_MARK}\s+(?P<said>\S.*)|:?\s*)",
        rf"\s*(?P<when>{_WHEN})(?:\s+-|,)?\s+{_MARK}<?(?P<name>{_NAME})>?{_MARK}:{_MARK}\s+(?P<said>\S.*)",
        rf"\s*\[?(?P<when>{_WHEN})\]?\s+<(?P<name>{_NAME})>\s+(?P<said>\S.*)",
        rf"\s*{_MARK}(?P<name>{_NAME}){_MARK},?(?:\s*[\[(](?P<when>{_WHEN})[\])]|(?<=[*_,])\s+(?P<late>{_WHEN})"
        rf"|\s{{2,}}(?P<later>{_WHEN})|\s(?:\u2014|-)\s(?P<last>{_WHEN})|\s(?P<plain>{_CLOCK}))"
        r"(?:\s*\(edited\))?(?::\s+(?P<said>\S.*)|:?\s*)",
    )
)
_ONLY_WHEN = re.compile(rf"\s*\[?{_WHEN}\]?\s*")
_ONLY_NAME = re.compile(rf"{_MARK}(?P<name>{_NAME}){_MARK}\s*")
_TIMELINE = re.compile(rf"\s*{_CLOCK}\s")
_LONGEST = 5_000
_FEWEST = 2


@dataclass(frozen=True, slots=True)
class Message:
    """One message, from the row with its writer's name on."""

    row: int
    name: str
    """Empty for one more message by the same person."""
    text: int
    """The row on which its text begins."""
    said: str
    """The text on that row, without name and time."""


def messages_in(rows: Sequence[str]) -> list[Message]:
    """Return the messages of a chat; nothing if the text is none."""
    found = list(_messages(rows))
    names = [message.name for message in found if message.name]
    answered = len(names) > _FEWEST or (len(names) == _FEWEST and names[0] != names[1])
    is_chat = answered and (len(set(names)) < len(names) or not any(_is_of_a_timeline(rows[one.row]) for one in found))
    return found if is_chat else []


def _messages(rows: Sequence[str]) -> Iterator[Message]:
    seen = False
    for row, line in enumerate(rows):
        below = rows[row + 1] if row + 1 < len(rows) else ""
        if not line.strip() or len(line) > _LONGEST:
            continue
        if found := next((match for form in _FORMS if (match := form.fullmatch(line))), None):
            seen = True
            yield Message(row, found["name"], *((row, found["said"]) if found["said"] else (row + 1, below)))
        elif _ONLY_WHEN.fullmatch(below) and (name := _ONLY_NAME.fullmatch(line)):
            seen = True
            yield Message(row, name["name"], row + 2, rows[row + 2] if row + 2 < len(rows) else "")
        elif seen and _ONLY_WHEN.fullmatch(line) and not _ONLY_NAME.fullmatch(rows[row - 1]):
            yield Message(row, "", row + 1, below)


def _is_of_a_timeline(row: str) -> bool:
    return bool(_TIMELINE.match(row))


def apart(rows: Sequence[str], messages: Sequence[Message]) -> tuple[list[str], dict[int, str]]:
    """Return the rows with a blank one before each message, and the text of each by the row on which it now begins."""
    begins = {message.row: message for message in messages}
    spaced: list[str] = []
    said: dict[int, str] = {}
    for row, line in enumerate(rows):
        if row in begins:
            if spaced and spaced[-1].strip():
                spaced.append("")
            said[len(spaced)] = begins[row].said
        spaced.append(line)
    return spaced, said
