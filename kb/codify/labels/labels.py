"""Labels: a line such as `ISSUE 2: radios failed`, `**Root cause:** ...`, `cause = ...` or `Sponsor - Jane Doe`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest.kinds import PLAIN_NAMES, Kind, KindTable, normalize
from ingest.markdown.plain import plain_inline
from kb.codify.labels.names import kind_of_heading, kind_of_name, unnumbered_name
from kb.codify.labels.roles import role_of

_MARK = r"(?:\*\*|__|\*|_)?"
_NAME = r"[^\W\d_][^:*_`|\[\]<>.!?;\n]{0,45}?"
_LABEL = re.compile(
    rf" {{0,3}}(?P<mark>{_MARK})(?P<name>{_NAME})\s?(?P<before>{_MARK})"
    rf"(?P<sign>:|\s+(?:=|[-\u2013\u2014]>?|=>|\u2192)(?=\s)|\s?=(?![=>]))(?P<after>{_MARK})"
    r"(?:\s+(?P<rest>\S.*)|(?<==)(?P<near>[^\s=].*)|\s*)"
)
_ASKED = re.compile(
    rf" {{0,3}}(?P<mark>{_MARK})(?P<name>[^\W\d_][^:*_`|\[\]<>.!?;\n]{{0,60}}\?)(?P<before>{_MARK}):?(?P<after>{_MARK})"
    r"\s+(?P<rest>\S.*)"
)
"""A question that names a part, and its answer: `What happened? It rained.`"""
_SIGNS = ("?", ":", "=", " -", "\u2013", "\u2014", "\u2192")
_ORNAMENT = re.compile(
    r"\s*(?:\[[ xX]\]\s+)?[^\w\s*_#>|<\[\](){}`~+=.,:;!?\"'„“«¿¡/\\&%$€£@§-]+\s*(?=[\w*])|\s*\[[ xX]\]\s+"
)
"""An emoji or a check box before a label."""
_ALONE = re.compile(rf" {{0,3}}(?P<mark>{_MARK})(?P<name>{_NAME})(?P=mark)\s*")
_QUESTION = re.compile(r" {0,3}\d{1,2}[.)]\s+(?P<text>[^\W\d_].*\?)\s*")
_LONGEST = 5
"""Most words of a label; with more it is a sentence that contains a colon."""
_BEGINS_NO_SENTENCE = re.compile(r"[#>|=<~]|[-+*_](?:[-+*_\s]|$)|\d{1,9}[.)](?:\s|$)|```|\[[^\]]*\]:")
"""What Markdown does not parse as a paragraph at the beginning of a line."""
_LOWER_WORD = re.compile(r"[^\W\d_]+(?:[-'\u2019][^\W\d_]+)*(?=[,;:.!?]?(?:\s|$))")

_KINDS = KindTable()


@dataclass(frozen=True, slots=True)
class Label:
    """A line split at its colon."""

    name: str
    """Folded by `normalize`, without a number."""
    text: str
    written: str
    """The name as its author wrote it."""
    is_apart: bool
    """Whether the text can stand alone: no emphasis begins before the colon and ends after it."""
    has_colon: bool = True
    """With another sign, only a known name makes a label."""

    @property
    def sentence(self) -> str | None:
        """The text as a sentence without the label; None if that is not possible, or would not be a paragraph."""
        if not self.is_apart or _BEGINS_NO_SENTENCE.match(self.text):
            return None
        word = _LOWER_WORD.match(self.text)
        return self.text[:1].upper() + self.text[1:] if word and word[0].islower() else self.text


def label_of(line: str) -> Label | None:
    """Parse a line of Markdown that begins with a label; None if it does not."""
    if not any(sign in line for sign in _SIGNS):
        return None
    ornament = _ORNAMENT.match(line)
    found = _LABEL.fullmatch(line, ornament.end() if ornament else 0)
    if not found:
        return _asked(line, ornament.end() if ornament else 0)
    if len(found["name"].split()) > _LONGEST:
        return None
    name = _folded(found["name"])
    is_apart = found["mark"] == found["before"] + found["after"]
    text = (found["rest"] or found["near"] or "").strip()
    return Label(name, text, found["name"], is_apart, found["sign"] == ":") if name else None


def _asked(line: str, start: int) -> Label | None:
    """Parse a question that names a part or asks for people, with its answer on the same line."""
    found = _ASKED.fullmatch(line, start) if "?" in line else None
    if not found or (kind_of_name(found["name"], _KINDS) is Kind.OTHER and role_of(normalize(found["name"])) is None):
        return None
    is_apart = found["mark"] == found["before"] + found["after"]
    return Label(_folded(found["name"]), found["rest"].strip(), found["name"], is_apart, has_colon=False)


def unnumbered(line: str, kinds: KindTable) -> str:
    """Return a numbered question that names a kind, as in after-action reviews, without its number."""
    found = _QUESTION.fullmatch(line) if "?" in line else None
    return found["text"] if found and kinds.kind_of([found["text"]]) is not Kind.OTHER else line


def heading_in(line: str, kinds: KindTable) -> str:
    """Return the name alone on a line if it names a kind of section, such as `Root Cause`; else an empty string."""
    if unnumbered(line, kinds) != line:
        return line.strip()
    found = _ALONE.fullmatch(line.rstrip().rstrip(":?"))
    if found and kind_of_name(found["name"], kinds) is not Kind.OTHER:
        return plain_inline(line).strip().removesuffix(":")
    label = label_of(line)
    if label and not label.text and label.has_colon and kind_of_heading(label.written, kinds) is not Kind.OTHER:
        return plain_inline(line).strip().removesuffix(":").strip()
    return ""


def adds_nothing(name: str, kind: Kind, heading: str) -> bool:
    """Return whether a name adds nothing to the lesson's own heading of its kind."""
    names = {normalize(name), normalize(heading)}
    return len(names) == 1 or names <= PLAIN_NAMES[kind]


def _folded(name: str) -> str:
    return normalize(unnumbered_name(name))
