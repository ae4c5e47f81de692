"""The rules on keys and values of a front matter."""

from __future__ import annotations

from kb.check.rule import Rule
from kb.check.severity import Severity

UNKNOWN_KEY = Rule(
    "structure.unknown-key",
    Severity.WARNING,
    "The front matter has a key that is neither in the format nor declared.",
    "have a key that is neither in the format nor declared",
    "It is kept and searched, but has no other effect; a misspelt key looks the same. Rename it, or declare "
    'it in kb.toml: `[check]`, `keys = ["..."]`.',
    "---\ntitle: Wrong labels\nseverity: high\n---\n",
    "---\ntitle: Wrong labels\n---\n",
    together="rename what is misspelt, declare the others in kb.toml: [check] keys = [{}]",
)
UNKNOWN_FIELD = Rule(
    "structure.unknown-field",
    Severity.ERROR,
    "A mapping has a key that is not in the format.",
    "have a mapping with a key that is not in the format",
    "Its value is not used. Rename the key, or write the value in the text or in the note.",
    "---\npeople:\n  - {name: Jane Doe, phone: 555-0100}\n---\n",
    '---\npeople:\n  - {name: Jane Doe, contact: "telephone 555-0100"}\n---\n',
)
MISSPELT_KEY = Rule(
    "structure.misspelt-key",
    Severity.ERROR,
    "A key of the format is misspelt.",
    "have a misspelt key",
    "Its value does not count for the key that is meant. Spell the key as the format does.",
    "---\nReview-By: 2027-05-01\n---\n",
    "---\nreview_by: 2027-05-01\n---\n",
    fixable=True,
)
MISSING_KEY = Rule(
    "structure.missing-key",
    Severity.ERROR,
    "A mapping lacks a required key.",
    "have a mapping that lacks a required key",
    "Add the key, or remove the whole mapping: a person without a name is ignored.",
    "---\npeople:\n  - {role: contact, contact: jane.doe@example.org}\n---\n",
    "---\npeople:\n  - {name: Jane Doe, role: contact, contact: jane.doe@example.org}\n---\n",
)
TYPE = Rule(
    "structure.type",
    Severity.ERROR,
    "A value is of another type than its key has: a text where a list belongs, true or false where a text does.",
    "have a value of the wrong type",
    "A value of the wrong type is ignored. Write it in the form that the message names.",
    "---\ntags: labels, shipping\n---\n",
    "---\ntags: [labels, shipping]\n---\n",
    fixable=True,
)
CHOICE = Rule(
    "structure.choice",
    Severity.ERROR,
    "A value is not one of those that its key allows.",
    "have a value that its key does not allow",
    "It is ignored: no filter finds it and no check uses it. Write one of the values allowed.",
    "---\nstatus: Validated\n---\n",
    "---\nstatus: validated\n---\n",
    fixable=True,
)
DATE = Rule(
    "structure.date",
    Severity.ERROR,
    "A date does not exist, or is not written as 2006, 2006-05 or 2006-05-01.",
    "have a date that does not exist or is written in another form",
    "Other notations mean different days to different readers, and sort and filter wrongly. Write year, month, day; "
    "or only the part that is known.",
    "---\ndate: 25/04/2006\n---\n",
    "---\ndate: 2006-04-25\n---\n",
    fixable=True,
)
WIKILINK = Rule(
    "structure.wikilink",
    Severity.WARNING,
    "An id is in double brackets.",
    "have an id in double brackets",
    "Brackets have a meaning in YAML: other programs read `[[labels]]` as a list in a list. kb reads the id in it. "
    "Write the id alone.",
    '---\nrelated: ["[[late-parcels]]"]\n---\n\n==> late-parcels.md <==\n# Late parcels\n',
    "---\nrelated: [late-parcels]\n---\n\n==> late-parcels.md <==\n# Late parcels\n",
    fixable=True,
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
