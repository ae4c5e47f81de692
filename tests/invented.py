"""Lessons that are made up: as many as wanted, different, and the same for the same seed."""

from __future__ import annotations

from random import Random


def _words(text: str) -> list[str]:
    return text.split()


_THINGS = _words(
    "brochure label parcel dealer plan team language address printer valve harness sensor connector procedure "
    "inspection contract supplier schedule budget drawing software test crew antenna battery bearing coating"
)
_HAPPENINGS = _words("failed leaked arrived cracked drifted stopped slipped overheated corroded jammed vanished")
_CURES = _words("inspect label train rehearse document simplify replace measure isolate review automate ask")
_UNITS = _words("Logistics Sales Printing Propulsion Avionics")


def lesson(random: Random, marker: str = "", sections: int = 3) -> str:
    """Write a lesson like NASA's: front matter, what happened, what was learned, what is recommended.

    `marker` is a word that stands in each of its sections.
    """
    title = f"{random.choice(_THINGS)} {random.choice(_HAPPENINGS)} {random.randrange(1000)}".capitalize()
    head = f"title: {title}\ndate: {random.randrange(1990, 2026)}\nunit: {random.choice(_UNITS)}\n"
    answers = f"answers:\n  - {_sentence(random)}\n"
    headings = ("Driving Event", "Lesson(s) Learned", *["Recommendation(s)"] * (sections - 2))
    body = "\n\n".join(f"## {heading}\n\n{marker} {_paragraph(random)}" for heading in headings)
    return f"---\n{head}{answers}---\n# {title}\n\n{body}\n"


def lessons(count: int, seed: int = 0, marker: str = "", sections: int = 3) -> dict[str, str | bytes]:
    """Write lessons by their paths, in several folders."""
    random = Random(seed)
    return {f"{number % 3}/{number:04}.md": lesson(random, marker, sections) for number in range(count)}


def question(random: Random) -> str:
    """Ask for something that invented lessons tell of."""
    return f"{_sentence(random)} {random.choice(_THINGS)}"


def _paragraph(random: Random) -> str:
    return " ".join(f"{_sentence(random)}." for _ in range(random.randrange(2, 6)))


def _sentence(random: Random) -> str:
    thing, other = random.sample(_THINGS, 2)
    return f"the {thing} {random.choice(_HAPPENINGS)} because nobody did {random.choice(_CURES)} the {other}"
