"""The rules on keys and values of a front matter."""

from __future__ import annotations

from kb.check.rule import Rule
from kb.check.severity import Severity

UNKNOWN_KEY = Rule(
    "structure.unknown-key",
    Severity.WARNING,
    "The front matter has a key that is neither of the format nor declared.",
    "have a key that is neither of the format nor declared",
    "It is kept and searched, but nothing else comes of it; a slip of the pen looks the same. Rename it, or declare "
    'it in kb.toml: `[check]`, `keys = ["..."]`.',
    "---\ntitle: Wrong labels\nseverity: high\n---\n",
    "---\ntitle: Wrong labels\n---\n",
    together="rename what is a slip, declare the others in kb.toml: [check] keys = [{}]",
)
UNKNOWN_FIELD = Rule(
    "structure.unknown-field",
    Severity.ERROR,
    "A mapping of the format has a key that it does not know.",
    "have a mapping with a key that it does not know",
    "What stands there is read by nobody. Rename it, or say it in the text or in the note.",
    "---\npeople:\n  - {name: Jane Doe, phone: 555-0100}\n---\n",
    '---\npeople:\n  - {name: Jane Doe, contact: "telephone 555-0100"}\n---\n',
)
MISSPELT_KEY = Rule(
    "structure.misspelt-key",
    Severity.ERROR,
    "A key is one of the format but for its spelling.",
    "have a misspelt key",
    "What it says is not seen as what it is meant to be. Spell the key as the format does.",
    "---\nReview-By: 2027-05-01\n---\n",
    "---\nreview_by: 2027-05-01\n---\n",
    mended=True,
)
MISSING_KEY = Rule(
    "structure.missing-key",
    Severity.ERROR,
    "A mapping lacks a key without which it says nothing.",
    "have a mapping that lacks a key without which it says nothing",
    "Add the key, or take the whole mapping away: a person without a name is dropped.",
    "---\npeople:\n  - {role: contact, contact: jane.doe@example.org}\n---\n",
    "---\npeople:\n  - {name: Jane Doe, role: contact, contact: jane.doe@example.org}\n---\n",
)
TYPE = Rule(
    "structure.type",
    Severity.ERROR,
    "A value is of another type than its key has: a text where a list belongs, true or false where a text does.",
    "have a value of the wrong type",
    "What cannot be read as what it should be is dropped. Write it in the form that the message names.",
    "---\ntags: labels, shipping\n---\n",
    "---\ntags: [labels, shipping]\n---\n",
    mended=True,
)
CHOICE = Rule(
    "structure.choice",
    Severity.ERROR,
    "A value is none of the words that its key may have.",
    "have a value that is none of its key's words",
    "It counts as nothing: no filter finds it and no check knows it. Take one of the words.",
    "---\nstatus: Validated\n---\n",
    "---\nstatus: validated\n---\n",
    mended=True,
)
DATE = Rule(
    "structure.date",
    Severity.ERROR,
    "A date is none, or not written as 2006, 2006-05 or 2006-05-01.",
    "have a date that is none or is written otherwise",
    "Other notations mean different days to different readers, and sort and filter wrongly. Write year, month, day; "
    "as much of it as is known.",
    "---\ndate: 25/04/2006\n---\n",
    "---\ndate: 2006-04-25\n---\n",
    mended=True,
)
WIKILINK = Rule(
    "structure.wikilink",
    Severity.WARNING,
    "An id stands between double brackets.",
    "have an id between double brackets",
    "Brackets are YAML's own: `[[labels]]` is a list in a list to other programs. kb reads the id in it. Write the id "
    "alone.",
    '---\nrelated: ["[[late-parcels]]"]\n---\n\n==> late-parcels.md <==\n# Late parcels\n',
    "---\nrelated: [late-parcels]\n---\n\n==> late-parcels.md <==\n# Late parcels\n",
    mended=True,
)
WHITE_SPACE = Rule(
    "structure.id",
    Severity.ERROR,
    "An id is empty or has white space in it.",
    "have an id that is empty or has white space in it",
    "It cannot be named on a command line or in a list. Write it in one piece, with hyphens.",
    "---\nid: wrong labels\n---\n",
    "---\nid: wrong-labels\n---\n",
)
RULES = (UNKNOWN_KEY, UNKNOWN_FIELD, MISSPELT_KEY, MISSING_KEY, TYPE, CHOICE, DATE, WIKILINK, WHITE_SPACE)
