"""The parts of notes that contain no results: goals, minor matters, the damage of an incident."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ingest.kinds import Kind, KindTable, normalize
from kb.codify.labels.labels import Label
from kb.codify.labels.names import kind_of_name
from kb.codify.labels.row_name import HEADING, label_on, name_alone

_NAMES = frozenset(
    normalize(name)
    for name in (
        *("aob", "any other business", "other business", "miscellaneous", "agenda", "apologies", "housekeeping"),
        *("goals", "goal", "targets", "target", "objectives", "objective", "aims", "aim", "expectations"),
        *("expected results", "forecast", "verschiedenes", "sonstiges", "ziele", "ziel", "divers", "objectifs"),
        *("objectif", "varios", "otros asuntos", "objetivos", "objetivo", "obiettivo", "obiettivi", "doel", "doelen"),
    )
)
_CUSTOMERS = (
    r"(?:customers?|clients?|users?|guests?|patients?|passengers?|members?|visitors?|staff|operations|service|services"
    r"|business|sales|production|orders)"
)
_INCIDENT = r"(?:incident|outage|disruption|failure|breakdown|downtime|accident|event)"
_DAMAGE = re.compile(
    rf"(?:customer|client|user|guest|patient|passenger|member|visitor)s? impact|{_INCIDENT} impact"
    rf"|(?:\w+ )?impacts? (?:on|to|for) (?:the |our )?(?:\w+ )?{_CUSTOMERS}"
    rf"|(?:\w+ )?impacts? (?:of|during) (?:the |this )?(?:\w+ )?{_INCIDENT}"
    r"|damages?(?: done)?|loss(?:es)?|(?:kunden)?auswirkung(?:en)?(?: (?:auf|f\u00fcr|des|der|bei)(?: \w+){1,3})?"
    r"|schaden|sch\u00e4den|impacts? (?:clients?|(?:sur|pour|chez) les clients|de (?:lincident|la panne))"
    r"|d\u00e9g\u00e2ts|dommages|impacto (?:en|sobre|para|al?|nos?|del?)(?: (?:el|los|os))? (?:clientes?|incidente)"
    r"|da\u00f1os?|danos?|impatto (?:sui|per i|dell) ?(?:clienti|incidente)|danni|impact op (?:de )?klanten|schade"
)
"""Headings of incident reports on the extent of the damage; `Impact` alone may also be that of an intervention."""
_IN_BRACKETS = re.compile(r"\s?\([^()]*\)$")
_DEEPEST = 6
_KINDS = KindTable()


def without_asides(rows: Sequence[str]) -> Iterator[str]:
    """Yield the rows, with those of such parts empty: below such a heading, or after such a label."""
    level = 0
    is_labelled = False
    for row in rows:
        name, heading = name_alone(row), HEADING.match(row)
        label = label_on(row)
        if is_aside(name):
            level = len(heading["marks"]) if heading else _DEEPEST
        elif level and _ends(level, name, heading, label):
            level = 0
        if label and label.text:
            is_labelled = is_aside(label.name)
        elif not row.strip() or heading:
            is_labelled = False
        yield "" if level or is_labelled else row


def is_aside(name: str) -> bool:
    """Return whether a name is that of such a part."""
    return name in _NAMES or bool(_DAMAGE.fullmatch(normalize(_IN_BRACKETS.sub("", name))))


def _ends(level: int, name: str, heading: re.Match[str] | None, label: Label | None) -> bool:
    """Return whether another part begins: at a heading of no deeper level, or after a bare name at a known one."""
    if heading:
        return len(heading["marks"]) <= level
    is_known = kind_of_name(name, _KINDS) is not Kind.OTHER
    is_labelled = label is not None and kind_of_name(label.written, _KINDS) is not Kind.OTHER
    return level == _DEEPEST and (is_known or is_labelled)
