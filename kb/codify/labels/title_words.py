"""Words before a title, and words without information: `Minutes, 3 May`, `Untitled document`, `Post-mortem`."""

from __future__ import annotations

import re

from kb.figures.dates import without_dates

TITLE_LABELS = frozenset(
    name.strip()
    for line in """title; incident title; working title; headline; subject; topic; project; incident; event
        name of event; re; titel; betreff; thema; projekt; titre; objet; sujet; projet; t\u00edtulo; asunto; tema
        proyecto""".splitlines()
    for name in line.split(";")
)
"""Labels that are followed by a title."""
LONGEST_TITLE = 80
_TITLE = re.compile(r" {0,3}(?!\d{1,9}[.)]\s)(?:\*\*|__|[*_])?[\w\"'(\u201e\u201c\u00ab].*[^\s.,;:]\s*")
"""A row that is no sentence."""
_EMPTY_WORDS = frozenset(
    word
    for line in """
        a an the of and or for from on in at to with about our my your new final draft copy version v page weekly
        daily monthly general internal quick short first second last some misc all team minutes notes note meeting
        chat log thread conversation transcript call sync standup stand up workshop session retro retrospective
        debrief incident report review post mortem postmortem after action aar lessons lesson learned learnt learning
        document doc file untitled unnamed text memo mail email message export bullets bullet list summary template
        form record protocol update fwd fw re fyi info status agenda scratch paste pasted readme index todo raw input
        output field entry item voice today yesterday tomorrow pm
        das der die des dem den ein eine zum zur vom von und im am f\u00fcr protokoll notiz notizen besprechung sitzung
        bericht abschlussbericht st\u00f6rungsbericht vorfallbericht vorfall nachbereitung mitschrift gespr\u00e4ch
        r\u00fcckblick dokument unbenannt
        le la les un une du et de d retour exp\u00e9rience rex compte rendu r\u00e9union rapport
        proc\u00e8s verbal sans titre
        verbale della riunione notulen vergadering overleg verslag ata da reuni\u00e3o
        el los las una del y acta reuni\u00f3n informe notas sin t\u00edtulo documento incidente
        monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri sat sun
        january february march april may june july august september october november december
        montag dienstag mittwoch donnerstag freitag samstag sonntag lundi mardi mercredi jeudi vendredi
        word notion confluence google docs gdocs slack teams whatsapp""".splitlines()
    for word in line.split()
)
"""A title that consists only of these words has no information."""
_LIST_OF_PARTS = re.compile(
    r"\W*(?:table of contents?|contents|inhalt|inhaltsverzeichnis|table des mati\u00e8res|sommaire"
    r"|\u00edndice|contenidos?|tabla de contenidos?)\W*",
    re.IGNORECASE,
)
_KIND_THEN_TITLE = re.compile(r"(?P<kind>[^:]{3,40}?)(?:\s+[-\u2013\u2014|]\s+|:\s+)(?P<title>.+)")
_WORD = re.compile(r"[^\W\d_]+")
_CODE = re.compile(r"\b[A-Z]{1,6}-?\d+\b|\b\w*\d\w*\b|\b[A-Z]\d+\b")


def is_like_a_title(row: str) -> bool:
    """Return whether a row is short and no sentence."""
    return len(row.strip()) <= LONGEST_TITLE and bool(_TITLE.fullmatch(row))


def says_something(title: str) -> bool:
    """Return whether a title says more than the kind of file and its date."""
    if _LIST_OF_PARTS.fullmatch(title):
        return False
    plain = _CODE.sub(" ", without_dates(title))
    return any(word.casefold() not in _EMPTY_WORDS for word in _WORD.findall(plain))


def names_its_kind_first(line: str) -> bool:
    """Return whether a title follows after the kind of text: `Lessons learned - the move`."""
    found = _KIND_THEN_TITLE.fullmatch(line)
    return found is not None and not says_something(found["kind"]) and says_something(found["title"])
