"""What can be read of a lesson, and whether it keeps to the format."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.format import FORMAT, Key, Text
from ingest.front_matter.places import Span, Steps
from ingest.problem import Defect, Problem
from kb.check.finding import Finding
from kb.check.groups.structure import headings, hidden, identity, key_order, links, named_links, signs
from kb.check.groups.structure.rewriting import listed, rewritten_key, rewritten_value
from kb.check.groups.structure.shape import Flaw, flaws, misspelt
from kb.check.groups.structure.shape_rules import RULES as SHAPE_RULES
from kb.check.groups.structure.shape_rules import UNKNOWN_KEY
from kb.check.rule import Rule
from kb.check.severity import Severity
from kb.corpus.census import Census
from kb.corpus.lesson_file import LessonFile
from kb.edit.edit import Edit
from kb.edit.yaml_text import scalar_text
from search.query import nearest

_SECOND = "---\nauthor: Jane Doe\ndate: 2024-03-01\n---\n"
ENCODING = Rule(
    "structure.encoding",
    Severity.ERROR,
    "Not all of the file is text.",
    "are not text throughout",
    "It is read as Windows-1252, or as UTF-16 where it looks like that, and kb does not change such a file. Save it "
    "as UTF-8.",
    "# Wrong labels\n\nCaf\0 owners got tea.\n",
    "# Wrong labels\n\nCafé owners got tea.\n",
)
FRONT_MATTER = Rule(
    "structure.front-matter",
    Severity.ERROR,
    "The front matter cannot be read.",
    "have a front matter that cannot be read",
    "Its keys are ignored; its words are searched as text. Correct the line that is named; a text with `: ` or a "
    "leading `[`, `{`, `*`, `&`, `@` or `%` needs quotes.",
    "---\ntitle: Labels: all wrong\n---\n",
    '---\ntitle: "Labels: all wrong"\n---\n',
)
UNREAD_FRONT_MATTER = Rule(
    "structure.unread-front-matter",
    Severity.ERROR,
    "Front matter is ignored, because it is at the wrong place or in the wrong form.",
    "have front matter that is ignored",
    "Front matter begins on the first line, between two lines of `---`. With an empty line or a "
    "comment above it, or with other lines in place of `---`, it is read as text, and its keys are ignored. Correct "
    "the line that is named.",
    "<!-- for the press room -->\n---\ntitle: Wrong labels\nstatus: retired\n---\n",
    "---\ntitle: Wrong labels\nstatus: retired\n---\n",
)
SECOND_FRONT_MATTER = Rule(
    "structure.second-front-matter",
    Severity.ERROR,
    "A second front matter follows the first.",
    "have a second front matter",
    "Programs that write front matter above the existing one leave a second. Its keys are ignored; its words are "
    "searched as text. Move its keys into the first one.",
    f"---\ntitle: Wrong labels\n---\n{_SECOND}\nParcels came back.\n",
    "---\ntitle: Wrong labels\nauthor: Jane Doe\ndate: 2024-03-01\n---\n\nParcels came back.\n",
)
MERGE_CONFLICT = Rule(
    "structure.merge-conflict",
    Severity.ERROR,
    "A merge left its conflict markers.",
    "have a merge conflict",
    "git or Jujutsu could not tell which of two versions is right; both are searched until somebody decides. Keep "
    "what is right and delete the lines of the markers, such as `<<<<<<<`, `=======` and `>>>>>>>`. A complete "
    "conflict in a code block counts as an example.",
    f"# Wrong labels\n\n{'<' * 7} HEAD\nTwo parcels came back.\n{'=' * 7}\nThree parcels came back.\n{'>' * 7} count\n",
    "# Wrong labels\n\nThree parcels came back.\n",
)
SYNC_COPY = Rule(
    "structure.sync-copy",
    Severity.WARNING,
    "A sync program left a copy of a lesson.",
    "are copies that a sync program left",
    "Two people changed one lesson at the same time, and Dropbox, OneDrive, Seafile or another kept both. Both are "
    "found. Keep what is right of both in the lesson, and delete the copy.",
    "==> labels (conflicted copy 2024-03-01).md <==\n# Wrong labels\n\nIn September 41 parcels came back.\n"
    "\n==> labels.md <==\n# Wrong labels\n\nIn September 40 parcels came back.\n",
    "# Wrong labels\n\nIn September 41 parcels came back.\n",
)
EMPTY = Rule(
    "structure.empty",
    Severity.ERROR,
    "The file is empty.",
    "are empty",
    "An interrupted write can leave such a file. A search finds it only by its name. Write the lesson, restore "
    "it with `git checkout`, or delete it.",
    "---\n---\n",
    "# Wrong labels\n\nParcels came back.\n",
)
REPEATED_KEY = Rule(
    "structure.repeated-key",
    Severity.ERROR,
    "A mapping has the same key twice.",
    "have a key twice",
    "Only the last one counts, and the value of the first one is lost. Merge the two.",
    "---\ntags: [labels]\ntitle: Wrong labels\ntags: [shipping]\n---\n",
    "---\ntags: [labels, shipping]\ntitle: Wrong labels\n---\n",
)
RULES = (
    ENCODING,
    FRONT_MATTER,
    UNREAD_FRONT_MATTER,
    SECOND_FRONT_MATTER,
    MERGE_CONFLICT,
    SYNC_COPY,
    EMPTY,
    *hidden.RULES,
    *headings.RULES,
    REPEATED_KEY,
    *SHAPE_RULES,
    *identity.RULES,
    *links.RULES,
    *named_links.RULES,
    *signs.RULES,
    *key_order.RULES,
)


def check(file: LessonFile, census: Census) -> Iterator[Finding]:
    """Yield all structural flaws of a lesson."""
    yield from _problems(file)
    yield from hidden.check(file)
    yield from headings.check(file)
    if file.has_torn_front_matter:
        return
    yield from _repeated(file)
    for flaw in _flaws(file, census.own_keys):
        place = file.places.of_key(*flaw.steps) if flaw.of_key else file.places.of_value(*flaw.steps)
        about = str(flaw.steps[-1]) if flaw.of_key else ""
        yield flaw.rule.at(file, place, flaw.message, _edits(file, flaw), about=about)
    yield from identity.check(file, census)
    yield from links.check(file, census)
    yield from named_links.check(file, census)
    yield from signs.check(file)
    yield from key_order.check(file)


_RULE_OF = {
    Defect.ENCODING: ENCODING,
    Defect.FRONT_MATTER: FRONT_MATTER,
    Defect.UNREAD_FRONT_MATTER: UNREAD_FRONT_MATTER,
    Defect.SECOND_FRONT_MATTER: SECOND_FRONT_MATTER,
    Defect.MERGE_CONFLICT: MERGE_CONFLICT,
    Defect.SYNC_COPY: SYNC_COPY,
    Defect.EMPTY: EMPTY,
}


def _problems(file: LessonFile) -> Iterator[Finding]:
    """Yield the problems met while the file was read; repeated keys have a rule of their own."""
    for problem in file.reading.problems:
        is_about_keys = problem is file.reading.matter.problem and file.reading.matter.overruled
        if problem.defect and not is_about_keys:
            place = _row(problem) if problem.line else None
            yield _RULE_OF[problem.defect].at(file, place, problem.reason)


def _row(problem: Problem) -> Span:
    line = (problem.line or 1) - 1
    return Span(line, 0, line, 0)


def _repeated(file: LessonFile) -> Iterator[Finding]:
    if file.reading.matter.problem or any(_has_mapping(value) for value in file.metadata.values()):
        for steps, span in file.places.repeated:
            yield REPEATED_KEY.at(file, span, f"the key {steps[-1]!r} is there already, and this one counts; keep one")


def _has_mapping(value: object) -> bool:
    return isinstance(value, dict) or (isinstance(value, list) and any(map(_has_mapping, value)))


def _flaws(file: LessonFile, own_keys: frozenset[str]) -> Iterator[Flaw]:
    """Yield the differences between the front matter and the format; a declared own key may have any value."""
    known = {**dict.fromkeys(sorted(own_keys), Key(Text(), "")), **FORMAT.keys}
    for name, value in file.metadata.items():
        if name in FORMAT.keys:
            yield from flaws(FORMAT.keys[name], value, (name,))
        elif name not in own_keys:
            yield misspelt(name, file.metadata, known, ()) or _undeclared(name, known)


def _undeclared(name: str, known: dict[str, Key]) -> Flaw:
    near = nearest(name, known)
    declare = f'declare it in kb.toml: [check] keys = ["{name}"]'
    advice = f"did you mean {near[0]}? Otherwise {declare}" if near else declare
    return Flaw(UNKNOWN_KEY, (name,), f"the key {name!r} is not in the format; {advice}", of_key=True)


def _edits(file: LessonFile, flaw: Flaw) -> tuple[Edit, ...]:
    """Return the fix of a flaw whose intended text is certain."""
    if flaw.right is None:
        return ()
    if flaw.of_key:
        return rewritten_key(file, flaw.steps, str(flaw.right))
    value = _at(file, flaw)
    if isinstance(value, dict):
        return _quoted(file, flaw.steps, str(flaw.right))
    if isinstance(value, list):
        span = file.places.values.get(flaw.steps)
        return (file.edit(span, scalar_text(flaw.right)),) if span and file.text_in(span) == f"[{flaw.right}]" else ()
    old = str(value)
    if isinstance(flaw.right, str):
        return rewritten_value(file, flaw.steps, old, flaw.right)
    return listed(file, flaw.steps, old, flaw.right)


def _quoted(file: LessonFile, steps: Steps, text: str) -> tuple[Edit, ...]:
    """Return the edit that quotes an item that YAML reads as a mapping; empty if it is not written on its own."""
    start = file.places.values.get(steps)
    ends = [span for below, span in file.places.values.items() if below[:-1] == steps]
    if not start or len(ends) != 1:
        return ()
    span = Span(start.line, start.column, ends[0].end_line, ends[0].end_column)
    return (file.edit(span, scalar_text(text, '"')),) if file.text_in(span) == text else ()


def _at(file: LessonFile, flaw: Flaw) -> object:
    value: object = file.metadata
    for step in flaw.steps:
        value = value[step]  # type: ignore[index]  # follows the path on which the flaw was found
    return value
