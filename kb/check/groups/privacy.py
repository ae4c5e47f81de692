"""Personal data beyond the people who are named to be asked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from kb.check.detectors.numbers import is_card, is_iban, is_social_security, is_telephone
from kb.check.finding import Finding
from kb.check.rule import Rule
from kb.check.severity import Severity
from kb.corpus.census import Census
from kb.corpus.lesson_file import LessonFile

EMAIL = Rule(
    "privacy.email",
    Severity.WARNING,
    "The lesson has the e-mail address of somebody who is not named under `people`.",
    "hold e-mail addresses of people they do not name",
    "A lesson is read by everybody, and git keeps it for good. Take the address out, or name the person under `people` "
    "if that person agrees to be asked.",
    "# Wrong labels\n\nAsk walter.keane@brightpaper.net what the printer said.\n",
    "---\npeople:\n  - {name: Walter Keane, contact: walter.keane@brightpaper.net}\n---\n# Wrong labels\n",
)
TELEPHONE = Rule(
    "privacy.telephone",
    Severity.WARNING,
    "The lesson has the telephone number of somebody who is not named under `people`.",
    "hold telephone numbers of people they do not name",
    "A lesson is read by everybody, and git keeps it for good. Take the number out, or name the person under `people` "
    "if that person agrees to be asked.",
    "# Wrong labels\n\nThe driver can be reached at +49 30 4471 8826.\n",
    "# Wrong labels\n\nThe depot knows the driver.\n",
)
BANK = Rule(
    "privacy.bank",
    Severity.WARNING,
    "A bank account's number (IBAN) is written down.",
    "hold numbers of bank accounts",
    "No lesson needs it, and anybody who has it can debit the account. Take it out.",
    "# Refunds went astray\n\nThe refund went to DE91 1000 0000 0123 4567 89.\n",
    "# Refunds went astray\n\nThe refund went to the account of another customer.\n",
)
CARD = Rule(
    "privacy.card",
    Severity.WARNING,
    "A payment card's number is written down.",
    "hold numbers of payment cards",
    "No lesson needs it, and anybody who reads it can pay with it. Take it out; the last four digits are enough to "
    "identify a card.",
    "# Double charges\n\nThe card 4929 7183 5264 1077 was charged twice.\n",
    "# Double charges\n\nThe card that ends in 1077 was charged twice.\n",
)
SSN = Rule(
    "privacy.ssn",
    Severity.WARNING,
    "A United States social security number is written down.",
    "hold social security numbers",
    "No lesson needs it, and others can open accounts with it in that person's name. Take it out.",
    "# Wrong file\n\nThe file of the person with social security number 536-22-8726 was opened.\n",
    "# Wrong file\n\nThe file of another person was opened.\n",
)
RULES: tuple[Rule, ...] = (EMAIL, TELEPHONE, BANK, CARD, SSN)

# Searched from the @ on, because every word might begin an address.
_HOST = re.compile(r"@(?:[\w-]+\.)+[A-Za-z]{2,}(?![\w-]|\.\w)")
_MAILBOX = re.compile(r"(?<![\w.+/:%-])[\w.+-]+\Z")
# RFC 2606 and 6761 reserve these for examples.
_NO_HOST = re.compile(r"(?:^|\.)(?:example(?:\.\w+)?|invalid|test|localhost|local)$")
# Names of mailboxes that belong to no single person; among others those of RFC 2142.
_ROLES = frozenset(
    """
    abuse admin administrator all announce bot ci committee community conduct contact desk dev devel discuss donotreply
    enquiries events feedback git group hello help helpdesk hostmaster hr info inquiries jobs leads legal list mail
    mailer mailman maintainers managers marketing media moderators news newsletter no noreply notifications office
    operations ops orders owner postmaster press privacy private recruiting registration reply root sales security
    service services sig sre staff steering subscribe support team test unsubscribe user username users web webmaster wg
    you your yourname foo bar name someone somebody me
    """.split()  # noqa: SIM905 - a list of quoted words is harder to read
)
# Mailing lists, programs, and names of algorithms (RFC 4251, 6), which look like addresses.
_NOBODYS = ("googlegroups.com", "groups.io", "noreply", "no-reply", "gserviceaccount.com", "calendar.google.com")
_ALGORITHMS = "@openssh.com"

_STRETCH = re.compile(r"\d[\d ()\u00a0./-]{5,}\d")
"""The characters of every number below; searched first, in one pass."""
# ITU-T E.164: at most 15 digits after the plus sign, grouped as usual in a country.
_INTERNATIONAL = re.compile(r"(?<![\w+.(=/-])\+[1-9]\d{0,2}(?:[ \u00a0./-]?\(?\d{1,5}\)?){2,6}(?![\w+]|[.-]\d)")
_NATIONAL = re.compile(r"\(?\d{2,5}\)?(?:[ ./-]{1,3}\(?\d{2,8}\)?){1,4}(?![\w%]|[.,/-]\d)")
_CALL = re.compile(
    r"\b(?:(?:tele|cell|mobile )?phone|tel|call(?:ing|ed)?|mobile|cell|fax)\.?"
    r"(?: (?:numbers?|no\.?|at|on|me|him|her|us|is|was))*[:;,]?\s{0,2}\Z",
    re.IGNORECASE,
)
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b")
_CARD = re.compile(r"(?<![\w.+/=#-])(?:(?:\d{4}[ -]){3}\d{4}|\d{4}[ -]\d{6}[ -]\d{5}|\d{16})(?![\w/]|[.-]\d)")
_SSN = re.compile(r"(?<![\w-])\d{3}-\d{2}-\d{4}(?![\w-])")
_SSN_WORDS = re.compile(r"\bssn\b|social security", re.IGNORECASE)
_NEAR = 200
"""Distance in characters from a number within which its kind may be named, on the same line."""
# In North America these are reserved for fiction, or are directory services.
_FICTION = re.compile(r"555(?:01\d\d|1212)\Z")


_MOST_PEOPLE = 100
"""Limit, because each address is compared with each person; no lesson names more."""


class _Named(NamedTuple):
    """The people whom a lesson names as contacts, prepared for comparison with addresses and numbers."""

    contacts: str
    """Contacts in lower case, one per line."""
    digits: str
    """The digits of each contact, one per line."""
    names: tuple[tuple[str, ...], ...]
    """The words of each name, in lower case."""


def _named(file: LessonFile) -> _Named:
    people = file.lesson.people[:_MOST_PEOPLE]
    return _Named(
        "\n".join(person.contact.lower() for person in people),
        "\n".join(_digits(person.contact) for person in people),
        tuple(tuple(re.findall(r"\w+", person.name.lower())) for person in people),
    )


def check(file: LessonFile, census: Census) -> Iterator[Finding]:
    """Yield each address and number once for each line that contains it."""
    seen: set[tuple[int, str]] = set()
    for rule, (start, end), message in _all(file):
        span = file.span_of(start, end)
        if (written := (span.line, file.text[start:end].lower())) not in seen:
            seen.add(written)
            yield rule.at(file, span, message)


_Hit = tuple[Rule, tuple[int, int], str]


def _all(file: LessonFile) -> Iterator[_Hit]:
    named = _named(file)
    if "@" in file.text:
        yield from _emails(file, named)
    for stretch in _STRETCH.finditer(file.text):
        start, end = max(stretch.start() - 2, 0), stretch.end() + 2
        yield from _telephones(file, named, start, end)
        if sum(map(str.isdigit, stretch.group())) >= 8:
            yield from _numbers(file, start, end)


def _emails(file: LessonFile, named: _Named) -> Iterator[_Hit]:
    for host in _HOST.finditer(file.text):
        mailbox = _MAILBOX.search(file.text, max(host.start() - 64, 0), host.start())
        address = (mailbox.group() + host.group()).lower() if mailbox else ""
        if mailbox and not (_is_nobodys(address) or _is_declared(address, named)):
            message = f"e-mail address at {host.group()[1:].lower()} of somebody who is not named under people"
            yield EMAIL, (mailbox.start(), host.end()), f"{message}; take it out, or name the person"


def _is_nobodys(address: str) -> bool:
    name, _, host = address.partition("@")
    return (
        bool(_NO_HOST.search(host))
        or any(mark in address for mark in _NOBODYS)
        or address.endswith(_ALGORITHMS)
        or not _ROLES.isdisjoint(re.split(r"[._+-]", name))
        or host.startswith(("lists.", "list."))
    )


def _is_declared(address: str, named: _Named) -> bool:
    """Return whether an address is the contact of a named person, or contains that person's name."""
    name = re.sub(r"[^a-z]", "", address.partition("@")[0])
    return address in named.contacts or any(_is_made_of(name, parts) for parts in named.names if parts)


def _is_made_of(name: str, parts: Sequence[str]) -> bool:
    last = parts[-1]
    return (len(last) > 1 and last in name and parts[0][0] in name) or name in parts


def _telephones(file: LessonFile, named: _Named, start: int, end: int) -> Iterator[_Hit]:
    found = [match.span() for match in _INTERNATIONAL.finditer(file.text, start, end)]
    if not found:
        numbers = _NATIONAL.finditer(file.text, start, end)
        found = [
            match.span() for match in numbers if _CALL.search(file.text, max(match.start() - 40, 0), match.start())
        ]
    for place in found:
        written = file.text[slice(*place)]
        is_real = is_telephone(written) if written.startswith("+") else _is_number(_digits(written))
        if is_real and not _FICTION.search(_digits(written)) and _digits(written) not in named.digits:
            message = "telephone number of somebody who is not named under people"
            yield TELEPHONE, place, f"{message}; take it out, or name the person"


def _is_number(digits: str) -> bool:
    """Return whether the digits may be a number without country code: 7 to 15 of them, not nearly all the same."""
    return 7 <= len(digits) <= 15 and len(set(digits)) > 3


def _numbers(file: LessonFile, start: int, end: int) -> Iterator[_Hit]:
    text = file.text
    for match in _IBAN.finditer(text, max(start - 12, 0), end + 24):
        if is_iban(match.group()):
            yield BANK, match.span(), "number of a bank account; take it out"
    for match in _CARD.finditer(text, start, end):
        if is_card(match.group()):
            yield CARD, match.span(), "number of a payment card; take it out"
    for match in _SSN.finditer(text, start, end):
        if _SSN_WORDS.search(_row_around(text, match.start())) and is_social_security(match.group()):
            yield SSN, match.span(), "social security number; take it out"


def _row_around(text: str, place: int) -> str:
    """Return the line that contains an offset, at most 200 characters to each side."""
    before, after = text[max(place - _NEAR, 0) : place], text[place : place + _NEAR]
    return before.rpartition("\n")[2] + after.partition("\n")[0]


def _digits(text: str) -> str:
    return "".join(character for character in text if character.isdigit())
