"""Recognises texts that only refer elsewhere: citations, addresses, lines of a table of contents."""

from __future__ import annotations

import re
from functools import lru_cache

from ingest.kinds import normalize

# Possessive: addresses without blanks between them could be split in exponentially many ways.
_ADDRESS = re.compile(r"(?:[\w ./-]{0,40}[:\u2013-]\s*)?<?(?:https?://|www\.)\S++(?:\s*+[,;]?\s*+<?https?://\S++)*+")
_DATA = re.compile(r"(?:-{3}\s*)?\{\s*\".*\}(?:\s*-{3})?")
_LINE_OF_CONTENTS = re.compile(r".{1,200}(?:\.{4,}|(?:\s\.){4,}|\u2026{2,})\s*\d{1,4}")
_ELSEWHERE = re.compile(r"(?:click here|see|same as|refer to)\b.{0,80}", re.IGNORECASE)
_AUTHOR_AND_YEAR = re.compile(r"[A-Z][\w'-]+,\s(?:[A-Z]\.\s?){1,4}.{0,200}?\((?:19|20)\d\d[a-z]?\)")
# Any other citation has none of these words, and at least `_FEWEST_SIGNS` of the signs below.
_INFORMATIVE = re.compile(
    r"\b(?:is|are|was|were|be|been|being|has|have|had|do|does|did|should|must|will|would|shall|can|could|may|might|that"
    r"|which|who|we|they|it|this|these|there|if|when|because|not|no|began|became|came|found|led|lost|made|spent|went|includes?|provides?|requires?|uses?"
    r"|(?!dated|entitled|titled|published|presented|retrieved|accessed|attached|related)[a-z]{2,}ed)\b"
    r"|\A(?:After|Around|At|Before|Beginning|By|During|In|On|Since|Until)\s"
)
_SIGNS = (
    re.compile(r"\b(?:19|20)\d\d\b"),
    re.compile(r"[\"\u201c][^\"\u201d]{8,}[\"\u201d]"),
    re.compile(r"\b(?:vol|nos?|pp?|rev|doc|lls|llis)\b[.:#\s]*\d|\b(?:isbn|issn|doi|et al|eds?\.)", re.IGNORECASE),
    re.compile(r"\b[A-Z]{2,}(?:-[A-Z]{2,})*[-\s#]{1,2}\d[\w.-]*|\b[A-Z]-\d{3,}"),
    re.compile(r"(?:\A|[\s(&])(?:[A-Z]\.[\s-]?){1,3}(?:[A-Z][a-z]+|,|\()|\b[A-Z][a-z]+,\s(?:[A-Z]\.)"),
    re.compile(
        r"(?<=[\w,] )(?:Journal|Proceedings|Handbook|Conference|Symposium|Press|University|Technical|Memorandum"
        r"|Report)\b"
    ),
    re.compile(r"https?://|www\.|\bretrieved\b|\bavailable (?:at|from)\b", re.IGNORECASE),
)
_FEWEST_SIGNS = 2
_LONGEST_CITATION = 600
_LIST_OF_REFERENCES = re.compile(
    r"(?:\A|(?<=[.!?)\]\"\u201d:;]))\s*(?:"
    r"(?:references?|reference\(s\)|bibliography|further reading|related (?:documents?|links)|see also"
    r"|additional key\s?(?:words?|phrases?)(?:\(s\))?)(?:\s?:|(?=\s[(\[]?1[.)\]]))"
    r"|(?-i:References?)(?=\s+[\"\u201cA-Z]))\s*",
    re.IGNORECASE,
)
_HEADING = re.compile(
    r"(?:table of )?contents|toc|references?(?: documents?)?|bibliography|further reading"
    r"|(?:related |external )?links|see also|sources|works cited|citations|footnotes"
)


def is_pointer(text: str) -> bool:
    """Return whether a sentence or a whole block only refers elsewhere."""
    written = text.strip()
    if len(written) > _LONGEST_CITATION:
        return False
    if (
        _ELSEWHERE.fullmatch(written)
        or _DATA.fullmatch(written)
        or (written[-1:].isdigit() and _LINE_OF_CONTENTS.fullmatch(written))
    ):
        return True
    return bool(("//" in written or "www." in written) and _ADDRESS.fullmatch(written)) or _is_citation(written)


def _is_citation(text: str) -> bool:
    if _AUTHOR_AND_YEAR.match(text):
        return True
    if text.isupper() or _INFORMATIVE.search(text):
        return False
    return sum(bool(sign.search(text)) for sign in _SIGNS) >= _FEWEST_SIGNS


def start_of_references(text: str) -> int:
    """Return the offset where a list of references begins in a paragraph; the length of the text if none does."""
    found = _LIST_OF_REFERENCES.search(text)
    return found.start() if found else len(text)


@lru_cache(maxsize=1000)
def is_heading_of_pointers(heading: str) -> bool:
    """Return whether a heading is that of a table of contents, a bibliography or a list of links."""
    return bool(_HEADING.fullmatch(normalize(heading)))
