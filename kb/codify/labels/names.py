"""Maps names of parts of notes to kinds: `First results`, `Root cause (5 whys)`, `What brought us here`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.kinds import Kind, KindTable, normalize
from kb.codify.labels.roles import role_of

_NUMBER = re.compile(r"\s*(?:#|no\.?|nr\.?)?\s*\d+[a-z]?$", re.IGNORECASE)
_ASIDE = re.compile(r"\s*[(\[{][^()\[\]{}]*[)\]}]\s*$")
_PARTED = re.compile(r"\s*:\s+|\s+[-\u2013\u2014|]\s+")
_JOINED = re.compile(r"\s*[/&]\s*|\s+(?:and|und|et|y)\s+")
_FEW = 2
"""Most words of a joined name; more are a topic: `Problems and prices of last year`."""
_QUALIFIER = re.compile(
    r"(?:the|our|my|their|first|initial|preliminary|early|interim|final|main|key|overall|actual|real|possible|probable"
    r"|likely|suspected|immediate|short term|long term|current|some|more|further|other|additional|brief|general"
    r"|measured|technical|underlying|proposed|positive|negative"
    r"|follow up|corrective|preventive|recommended|required|future|remaining|biggest|most important|top"
    r"|der|die|das|unsere?|erste|vorl\u00e4ufige|m\u00f6gliche|wichtigste|weitere"
    r"|les?|la|nos|notre|premiers?|premi\u00e8res?|principa(?:les?|ux)"
    r"|los|las|nuestr[oa]s?|primer[oa]s|principales)\s"
)
_TAIL = re.compile(
    r"\s(?:so far|to date|until now|up to now|yet|bisher|identification|descriptions?|statement|summary"
    r"|analysis|details|overview|achieved|obtained|observed|identified|found)$"
)
_ABOUT = re.compile(
    r"\s(?:of|on|for|in|at|after|before|since|from|to|with|by|per|during|f\u00fcr|bei|nach|auf|des?|du|del|pour|sur|para"
    r"|en)\s.*$"
)

_BEGINNINGS = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        (
            Kind.PROBLEM,
            r"why (?:are we|did we meet)|(?:what|why) (?:brought us|we (?:met|saw|are here)|started|happened)",
        ),
        (Kind.PROBLEM, r"what (?:was|is|were) (?:the|our) (?:problem|matter|issue|trouble|situation)|what was wrong"),
        (Kind.PROBLEM, r"where (?:we|are we|things) (?:stand|stood|start|started|are|were)|how it (?:began|started)"),
        (
            Kind.FAILURE,
            r"(?:did not|didnt|does not|doesnt) work$|(?:hat )?nicht funktioniert$|funktionierte nicht$"
            r"|na pas (?:march\u00e9|fonctionn\u00e9)$|no funcion\u00f3$",
        ),
        (Kind.FAILURE, r"what (?:we )?(?:did not|didnt|does not|doesnt|would not|wouldnt|could have|went less) "),
        (Kind.FAILURE, r"what (?:went|goes) (?:wrong|badly|poorly|bad)|what failed"),
        (Kind.METHOD, r"what (?:will|would|should|shall|do|can) (?:we|i|you) "),
        (Kind.METHOD, r"what (?:helped|worked|works|went (?:well|right)|to do|we (?:will|would|should|want to) do)"),
        (
            Kind.METHOD,
            r"how (?:we|they|i|did we|did you) (?:worked|work|went about|go about|found|find|got|get|did|do)",
        ),
        (Kind.METHOD, r"(?:for )?(?:the )?next time|who does what|what (?:comes|happens|is) next|what next"),
        (
            Kind.KNOWLEDGE,
            r"what (?:did )?(?:we|i|you) (?:have )?(?:learn|found|find|know|discover|take|took|understood)",
        ),
        (Kind.KNOWLEDGE, r"what (?:was|is) (?:behind|the (?:cause|reason))|what (?:came out$|caused|surprised)"),
        (Kind.KNOWLEDGE, r"(?:why|warum|pourquoi|por qu\u00e9) "),
        (Kind.CASE, r"what (?:did )?(?:we|i|you) (?:have )?(?:did|do|done|try|tried|change|decide|agree|set up|put)"),
        (Kind.CASE, r"what (?:was|has been|were) (?:done|changed|decided|agreed|tried)"),
        (Kind.CASE, r"how (?:we|did we|it was) (?:fix|solve|repair|mend|handle)"),
        (
            Kind.IMPACT,
            r"how (?:much|well|far) |(?:did|has) it (?:work|help|brought|pay)|what (?:did it|it) (?:b|c|g|was)",
        ),
        (Kind.IMPACT, r"(?:(?:the|our|first|key|some) )*(?:numbers|figures|metrics)$|in (?:numbers|figures)$"),
        (
            Kind.IMPACT,
            r"what (?:has )?(?:changed since|c[ao]me (?:out )?of )|what (?:it|this) (?:brought|cost)|was it worth",
        ),
        (Kind.TOOL, r"what (?:can|may) be (?:used again|reused)|what we (?:made|built|keep)"),
        (Kind.APPLICABILITY, r"(?:when|where else) (?:to|does|should|could|can|will|it|this|not)"),
        (Kind.PEOPLE, r"(?:who|whom) (?:was|were|to|took|can|could|knows|helped|should)"),
    )
)
"""Beginnings of questions and sentences used as headings, folded by `normalize`; the first match counts."""


def unnumbered_name(name: str) -> str:
    """Return a name without a number at its end: `Issue 2`."""
    return _NUMBER.sub("", name)


def kind_of_name(name: str, kinds: KindTable) -> Kind:
    """Return the kind that a name stands for, ignoring qualifying words; `OTHER` if there is none."""
    return next((kind for each in _plainer(name) if (kind := kinds.kind_of([each])) is not Kind.OTHER), Kind.OTHER)


def kind_of_heading(heading: str, kinds: KindTable) -> Kind:
    """Return the kind of a text known to be a heading: it may also have a topic, or begin as a question."""
    if role_of(normalize(heading)) is not None:
        return Kind.PEOPLE
    found = kind_of_name(heading, kinds)
    if found is not Kind.OTHER:
        return found
    whole, *parts = _plainer(heading)
    for kind, beginning in _BEGINNINGS:
        if beginning.match(normalize(whole)):
            return kind
    shorter = (_ABOUT.sub("", f" {normalize(part)}").strip() for part in (whole, *parts))
    return next(
        (kind for part in shorter if part and (kind := kind_of_name(part, kinds)) is not Kind.OTHER), Kind.OTHER
    )


def _plainer(name: str) -> Iterator[str]:
    """Yield a name, then shorter forms without number, remark, further parts and qualifying words."""
    whole = _ASIDE.sub("", name) or name
    for candidate in dict.fromkeys((name, whole, *_parts(whole))):
        yield candidate
        yield unnumbered_name(candidate)
        plain = _TAIL.sub("", normalize(candidate))
        while (shorter := _QUALIFIER.sub("", plain, count=1) if _QUALIFIER.match(plain) else plain) != plain:
            plain = shorter
        yield plain


def _parts(name: str) -> Iterator[str]:
    """Yield the parts before and after a colon or dash, and the first of two joined names."""
    yield from (part for part in _PARTED.split(name)[: 2 if ":" in name else 1] if part)
    first, *others = _JOINED.split(name, maxsplit=1)
    if first and all(len(other.split()) <= _FEW for other in others):
        yield first
