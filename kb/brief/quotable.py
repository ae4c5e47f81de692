"""Judges whether a sentence can be quoted alone, away from its neighbours."""

from __future__ import annotations

import re

from kb.lessons.stated import says_something, withholds

LONGEST = 420
"""Characters: a longer sentence is no longer just enough."""
# Shorter ones say nothing without their neighbours.
_FEWEST_WORDS, _FEWEST_LETTERS = 4, 10
_ANNOUNCING = (":", "\uff1a", "\u2026", "\u2013", "\u2014")
# About the page instead of the matter: `this lesson is based on`, `see section 4`.
_ABOUT_THE_PAGE = re.compile(
    r"\b(?:the|complete|this(?:\s\w+){0,2})\s"
    r"(?:lessons?|document|report|page|section|practice|post-?mortem|write-?up|kep|paper|article)\b"
    r"|\b(?:contained|described|documented|published|reported)\sin\b|\bsee\s(?!to\b|that\b|how\b)|\A\W*refer to\b"
    r"|\b(?:the following|as follows|listed below)\b|\b(?:paragraph|figure|table|appendix|reference)s?\s\(?\d",
    re.IGNORECASE,
)
# Words that point at a sentence before.
_POINTING = re.compile(
    r"\W*(?:this|that|these|those|it|its|they|their|them|he|she|his|her|here|there|both|such|so|thus|hence|then|also"
    r"|but|and|or|yet|however|therefore|moreover|furthermore|nevertheless|otherwise|instead|similarly|likewise"
    r"|consequently|additionally|in addition|for example|for instance|as a result|in this|in these|in that|in both"
    r"|the (?:former|latter|same|second|other)|another|others|additional|further|finally|afterwards|meanwhile"
    r"|dies(?:e|er|es)?|das|sie|es|er|dadurch|deshalb|daher|damit|au\u00dferdem|jedoch"
    r"|cela|ceci|ces?|cette|elles?|ils?|donc|ainsi|cependant|mais"
    r"|est[eao]s?|es[eao]s?|ell[ao]s?|por eso|adem\u00e1s|pero)\b",
    re.IGNORECASE,
)

_ELLIPTICAL = re.compile(r"\b(?:was|were|is|are|did|do|does|had|has|have|could|can|would|will) not\W*\Z", re.IGNORECASE)


def is_quotable(sentence: str) -> bool:
    """Return whether a sentence is whole, of a fit length, and states something about the matter."""
    return (
        (len(sentence.split()) >= _FEWEST_WORDS or (not sentence.isascii() and len(sentence) >= _FEWEST_LETTERS))
        and len(sentence) <= LONGEST
        and not sentence.endswith(_ANNOUNCING)
        and all(sentence.count(opening) == sentence.count(closing) for opening, closing in ("()", "[]"))
        and says_something(sentence)
        and not withholds(sentence)
        and not _ABOUT_THE_PAGE.search(sentence)
    )


def points_back(sentence: str) -> bool:
    """Return whether a sentence needs the one before it: `This helped.`, `However, ...`, `The other was not.`."""
    return bool(_POINTING.match(sentence) or _ELLIPTICAL.search(sentence))
