"""Tags and units, as the rest of the library writes them."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.front_matter.places import Steps
from ingest.lesson import text_of, texts_of
from kb.check.finding import Finding
from kb.check.groups.structure.rewriting import rewritten_value
from kb.check.rule import Rule
from kb.check.severity import Severity
from kb.corpus.census import Census
from kb.corpus.lesson_file import LessonFile
from kb.corpus.usage import Usage
from kb.wording import counted

_OTHERS = "".join(
    f"\n==> {name}.md <==\n---\ntags: [proofreading]\nunit: Motor Sales\n---\n" for name in ("first", "second")
)
TAG_SPELLING = Rule(
    "vocabulary.tag-spelling",
    Severity.WARNING,
    "Another lesson writes the same tag in another way: case, hyphen, plural.",
    "have a tag that others write in another way",
    "A filter by one of them misses the lessons with the other. Write it as most lessons do.",
    "---\ntags: [proof-reading]\n---\n" + _OTHERS,
    "---\ntags: [proofreading]\n---\n" + _OTHERS,
    fixable=True,
)
LONE_TAG = Rule(
    "vocabulary.lone-tag",
    Severity.NOTE,
    "No other lesson has this tag, but a very similar one is in use.",
    "have a tag that no other lesson has, although a very similar one is in use",
    "A tag is useful only if several lessons share it. Use the other one if it fits; keep the new one if more such "
    "lessons will come. Tags of one lesson that are like no other are only counted, in the last line of a check of "
    "the whole library.",
    "---\ntags: [proofreaders]\n---\n" + _OTHERS,
    "---\ntags: [proofreading]\n---\n" + _OTHERS,
)
UNIT_SPELLING = Rule(
    "vocabulary.unit-spelling",
    Severity.WARNING,
    "Another lesson writes the same unit in another way.",
    "have a unit that others write in another way",
    "A filter by one of them misses the lessons with the other. Write it as most lessons do.",
    "---\nunit: motor sales\n---\n" + _OTHERS,
    "---\nunit: Motor Sales\n---\n" + _OTHERS,
    fixable=True,
)
RULES = (TAG_SPELLING, LONE_TAG, UNIT_SPELLING)


def check(file: LessonFile, census: Census) -> Iterator[Finding]:
    """Yield tags and units that others spell differently, and tags that no other lesson has."""
    usage = census.tag_usage
    for steps, tag in _tags(file):
        if usage.other_spelling(tag):
            yield _spelling_finding(file, steps, TAG_SPELLING, tag, usage)
        elif usage.counts[tag] == 1 and (near := usage.near(tag)):
            named = ", ".join(f"{other} ({counted(usage.counts[other], 'lesson')})" for other in near)
            message = f"no other lesson has the tag {tag!r}; similar tags in use: {named}"
            yield LONE_TAG.at(file, file.places.of_value(*steps), message, about=tag)
    if (unit := file.lesson.unit) and census.unit_usage.other_spelling(unit):
        yield _spelling_finding(file, ("unit",), UNIT_SPELLING, unit, census.unit_usage)


def _tags(file: LessonFile) -> Iterator[tuple[Steps, str]]:
    value = file.metadata.get("tags")
    if isinstance(value, list):
        yield from ((("tags", number), tag) for number, item in enumerate(value) if (tag := text_of(item)))
    else:
        yield from ((("tags",), tag) for tag in texts_of(value, separator=","))


def _spelling_finding(file: LessonFile, steps: Steps, rule: Rule, word: str, usage: Usage) -> Finding:
    """Return a finding on a spelling; with a fix if the right one is clear and the lesson does not have it as well."""
    other = usage.other_spelling(word)
    assert other
    certain = usage.is_clear(other) and other not in file.lesson.tags
    verb = "have" if usage.counts[other] > 1 else "has"
    message = f"{word!r} is another form of {other!r}, which {counted(usage.counts[other], 'lesson')} {verb}; "
    edits = rewritten_value(file, steps, word, other) if certain else ()
    message += "write that" if certain else "choose one"
    return rule.at(file, file.places.of_value(*steps), message, edits, about=word)
