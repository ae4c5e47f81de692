"""Which lessons were used, one on a line: `wrong-labels helped: the checklist, saved 2 days`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest.lesson import text_of
from kb.codify.interview.unclear import Unclear
from kb.codify.interview.written import LessonInProgress
from kb.edit.edit import Edit
from kb.reuse.tally import DID_NOT_HELP, HELPED, PARTLY, read_saving
from kb.reuse.use import used

_NONE = re.compile(r"(?:no|none|nothing|-)\.?", re.IGNORECASE)
_LINE = re.compile(
    r"(?P<lesson>[^\s,:;]+)[\s,:;]+(?:(?:and|it)\s+)*"
    r"(?:(?P<not>did\s*-?\s*(?:not|n't)\s*-?\s*help|didn't\s+help|not|no)|(?P<partly>(?:helped\s+)?part(?:ly|ially))"
    r"|(?P<helped>help(?:ed|s)|yes))\b[\s,:;.]*(?P<rest>.*)",
    re.IGNORECASE,
)
_SAVED = re.compile(r"[\s,;.]*\bsaved\s+(?P<saved>[^,;]+?)[\s.]*$", re.IGNORECASE)
_OUTCOMES = {"not": DID_NOT_HELP, "partly": PARTLY, "helped": HELPED}


@dataclass(frozen=True, slots=True)
class AsUses:
    """The key `reused`; an empty list says that no lesson was used."""

    def answer_in(self, lesson: LessonInProgress) -> str:
        if lesson.metadata.get("reused") == []:
            return "none"
        return "\n".join(map(used, lesson.reading.lesson.reused))

    def edits(self, lesson: LessonInProgress, answer: str) -> list[Edit]:
        lines = [] if _NONE.fullmatch(answer.strip()) else [line for line in answer.splitlines() if line.strip()]
        return lesson.set({"reused": [use_of(line) for line in lines]})


def use_of(line: str) -> dict[str, str]:
    """Return the item of `reused` that a line describes; raises `Unclear`."""
    found = _LINE.fullmatch(text_of(line).strip(" -*"))
    if not found:
        raise Unclear("write the id of a lesson, then helped, partly or did not help: wrong-labels helped")
    note, saved = found["rest"], ""
    if (said := _SAVED.search(note)) and read_saving(said["saved"]):
        note, saved = note[: said.start()], said["saved"]
    outcome = next(outcome for name, outcome in _OUTCOMES.items() if found[name])
    item = {"lesson": found["lesson"], "outcome": outcome, "note": note.strip(), "saved": saved}
    return {key: value for key, value in item.items() if value}
