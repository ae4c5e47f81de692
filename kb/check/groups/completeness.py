"""What a lesson must say, by its status."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.front_matter.places import Span
from ingest.kinds import HEADINGS, Kind
from ingest.lesson import text_of
from kb.check import strictness
from kb.check.finding import Finding
from kb.check.rule import Rule
from kb.check.severity import Severity
from kb.corpus.census import Census
from kb.corpus.lesson_file import LessonFile
from kb.corpus.prompts import prompts, proposals
from kb.lessons.stated import is_answer, is_contact

STATUS = Rule(
    "completeness.status",
    Severity.WARNING,
    "A lesson does not say how far it can be trusted.",
    "have no status",
    "Readers and the ranking rely on the status. Write `status: draft`; `kb promote` makes it `validated` when "
    "nothing required is missing.",
    "---\ntitle: Wrong labels\n---\n# Wrong labels\n",
    "---\ntitle: Wrong labels\nstatus: draft\n---\n# Wrong labels\n",
)
PROBLEM = Rule(
    "completeness.problem",
    Severity.ERROR,
    "A lesson does not say what the problem was.",
    "do not say what the problem was",
    "People with the same problem find the lesson by this text. Write a few sentences under `## Problem`: what went "
    "wrong, for whom, how it was noticed.",
    "# Wrong labels\n\n## What we learned\nThe printer keeps the last address.\n",
    "# Wrong labels\n\n## Problem\nOne parcel in ten came back.\n\n## What we learned\nThe printer keeps the "
    "last address.\n",
)
KNOWLEDGE = Rule(
    "completeness.knowledge",
    Severity.ERROR,
    "A lesson does not say what was learned.",
    "do not say what was learned",
    "This is what the next team needs. Write under `## What we learned` what is now known that was not known before.",
    "# Wrong labels\n\n## Problem\nOne parcel in ten came back.\n\n## What we learned\n",
    "# Wrong labels\n\n## Problem\nOne parcel in ten came back.\n\n## What we learned\nThe printer keeps the "
    "last address.\n",
)
METHOD = Rule(
    "completeness.method",
    Severity.ERROR,
    "A lesson does not say how the solution was worked out.",
    "do not say how it was worked out",
    "The way of working can help where the solution does not. Write under `## How we worked it out` the steps, the "
    "analyses and who was in the room.",
    "# Wrong labels\n\n## What we learned\nThe printer keeps the last address.\n",
    "# Wrong labels\n\n## How we worked it out\n1. Follow ten parcels from desk to door.\n",
)
CONTACT = Rule(
    "completeness.contact",
    Severity.ERROR,
    "A lesson names nobody who can be reached.",
    "have no contact",
    "Much of what was learned is not written down. Give at least one of `people` a `contact`: a mail address, a "
    "telephone number, a room.",
    "---\npeople:\n  - name: Ana\n    contact: not stated\n---\n# Wrong labels\n",
    "---\npeople:\n  - name: Ana\n    contact: ana@example.org\n---\n# Wrong labels\n",
)
SCREENING = Rule(
    "completeness.screening",
    Severity.ERROR,
    "One of the two screening questions, asked before every intervention, is not answered.",
    "leave a screening question open",
    "Answer both under `screening`: is the issue of strategic significance, and can the solution, or the "
    "process that found it, be used again?",
    '---\nscreening:\n  strategic: "Yes: returns eat the margin."\n---\n# Wrong labels\n',
    '---\nscreening:\n  strategic: "Yes: returns eat the margin."\n  reusable: "Yes: every depot prints '
    'labels."\n---\n# Wrong labels\n',
)
REVIEW_BY = Rule(
    "completeness.review_by",
    Severity.ERROR,
    "A lesson has no date by which somebody must check whether it is still true.",
    "have no review date",
    "Knowledge becomes outdated, and nobody notices. Write `review_by: YYYY-MM-DD`, a year from now if there is no "
    "reason for another date.",
    "---\nstatus: validated\n---\n# Wrong labels\n",
    "---\nstatus: validated\nreview_by: 2027-11-30\n---\n# Wrong labels\n",
)
IMPACT = Rule(
    "completeness.impact",
    Severity.ERROR,
    "A lesson gives neither an impact nor the reason why it is not measured.",
    "give no impact, nor say why it is not measured",
    "Value must be demonstrated, not only claimed. Write an `impact` entry with `change`, or `before` and `after`; or "
    "with only a `note` that says why it is not measured; or say so in the section on impact (“not measured”, “cannot "
    "be measured”, “could not be quantified”, “no figures are stated”).",
    "---\nimpact:\n  - area: cost\n---\n# Wrong labels\n\n## Impact\nThings went better.\n",
    "# Wrong labels\n\n## Impact\nNot measured: returns were not counted before.\n",
)
PROPOSAL = Rule(
    "completeness.proposal",
    Severity.WARNING,
    "The front matter has a value that a program proposed and nobody confirmed.",
    "have proposals that nobody confirmed",
    "A program took it from notes and may be wrong. Keep what is true, and delete the comment `# kb: proposed…`.",
    '---\nimpact:\n  - before: 12 # kb: proposed from line 3: "from 12 days to 7"\n---\n# Wrong labels\n',
    "---\nimpact:\n  - before: 12\n---\n# Wrong labels\n",
)
PROMPT = Rule(
    "completeness.prompt",
    Severity.WARNING,
    "A question of the template is still in the lesson.",
    "still have questions of the template",
    "Answer it, or delete the key or section it belongs to. `kb check --fix` deletes the questions of sections that "
    "are answered.",
    "# Wrong labels\n\n## Problem\n<!-- kb: What went wrong, and for whom? -->\nOne parcel in ten came back.\n",
    "# Wrong labels\n\n## Problem\nOne parcel in ten came back.\n",
    fixable=True,
)
RULES = (STATUS, PROBLEM, KNOWLEDGE, METHOD, CONTACT, SCREENING, REVIEW_BY, IMPACT, PROPOSAL, PROMPT)

_SECTIONS = (
    (Kind.PROBLEM, PROBLEM, "what the problem was"),
    (Kind.KNOWLEDGE, KNOWLEDGE, "what was learned"),
    (Kind.METHOD, METHOD, "how it was worked out"),
)
_QUESTIONS = {
    "strategic": "is the issue of strategic significance",
    "reusable": "can the solution, or the process that found it, be used again",
}
_NOT_MEASURED = re.compile(
    r"\b(?:not|never|cannot|can't|couldn't|wasn't|weren't|isn't|hasn't|haven't|hard to|impossible to|too early to)"
    r"(?: (?:yet|be|been|have|directly|fully|formally|separately|systematically)){0,3}"
    r" (?:measured?|quantif(?:y|ied)|evaluated?)\b"
    r"|\b(?:unmeasured|no (?:figures?|measurements?|numbers) (?:\w+ )?(?:is|are|was|were|exists?|available|stated))\b",
    re.IGNORECASE,
)


def check(file: LessonFile, census: Census) -> Iterator[Finding]:
    """Yield what a lesson with this status lacks, and leftovers of writing it."""
    if not file.lesson.status:
        yield STATUS.at(file, None, "no status; write `status: draft` until it is validated")
    if severity := strictness.of_gaps(file):
        for kind, rule, what in _SECTIONS:
            yield from _section(file, severity, kind, rule, what)
        yield from _contact(file, severity)
        yield from _screening(file, severity)
        if not is_answer(text_of(file.metadata.get("review_by"))):
            yield REVIEW_BY.at(
                file, _key(file, "review_by"), "no review date; write `review_by: YYYY-MM-DD`", (), severity
            )
        yield from _impact(file, severity)
    yield from _proposals(file)
    yield from _prompts(file)


def _key(file: LessonFile, *steps: str) -> Span | None:
    """Return the span of a key; None, without a slow search, if it is missing."""
    return file.places.of_key(*steps) if steps[0] in file.metadata else None


def _section(file: LessonFile, severity: Severity, kind: Kind, rule: Rule, what: str) -> Iterator[Finding]:
    sections = [section for section in file.reading.sections if section.kind is kind]
    if any(is_answer(file.body(section)) for section in sections):
        return
    if empty := next((section for section in sections if section.headings), None):
        message = f"the section {empty.headings[-1]!r} is empty; write below it {what}"
        yield rule.at(file, Span(empty.lines[0], 0, empty.body_line, 0), message, (), severity)
    else:
        yield rule.at(file, None, f"no section says {what}; write one, `## {HEADINGS[kind]}`", (), severity)


def _contact(file: LessonFile, severity: Severity) -> Iterator[Finding]:
    people = file.lesson.people
    if any(is_contact(person.contact) for person in people):
        return
    text = "none of the people named can be reached" if people else "names nobody to ask"
    message = f"{text}; give somebody in `people` a `contact`"
    yield CONTACT.at(file, _key(file, "people"), message, (), severity)


def _screening(file: LessonFile, severity: Severity) -> Iterator[Finding]:
    screening = file.metadata.get("screening")
    answers = screening if isinstance(screening, dict) else {}
    for key, question in _QUESTIONS.items():
        answer = answers.get(key)
        if not isinstance(answer, bool) and not is_answer(text_of(answer)):
            message = f"{question}? answer after `{key}:`, under `screening`: yes or no, and why"
            yield SCREENING.at(file, _key(file, "screening", key), message, (), severity)


def _impact(file: LessonFile, severity: Severity) -> Iterator[Finding]:
    entries = file.lesson.impact
    if any(
        is_answer(text) for entry in entries for text in (entry.change, entry.after, entry.note, *entry.series.after)
    ):
        return
    if not says_not_measured(file):
        message = "no impact, and no reason why it is not measured; write an `impact` entry, or one with only a `note`"
        yield IMPACT.at(file, _key(file, "impact"), message, (), severity)


def says_not_measured(file: LessonFile) -> bool:
    """Return whether a section on impact says openly that it was not, or cannot be, measured."""
    bodies = (file.body(section) for section in file.reading.sections if section.kind is Kind.IMPACT)
    return any(_NOT_MEASURED.search(" ".join(body.split())) for body in bodies)


def _proposals(file: LessonFile) -> Iterator[Finding]:
    for span in proposals(file):
        message = "proposed by a program, confirmed by nobody; keep what is true and delete this comment"
        yield PROPOSAL.at(file, span, message, (), strictness.of_proposals(file))


def _prompts(file: LessonFile) -> Iterator[Finding]:
    for prompt in prompts(file):
        if prompt.is_answered:
            message = "a question of the template is still above its answer; delete it"
            yield PROMPT.at(file, prompt.span, message, [prompt.removal])
        elif file.lesson.status != "draft":
            message = f"{prompt.question!r} is not answered; answer it, or delete the key or section it belongs to"
            # No error for any status: required answers have rules of their own.
            yield PROMPT.at(file, prompt.span, message)
