"""Signs in the front matter that YAML interprets in a way that its author did not intend."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.format import FORMAT, Items, Shape, Text
from ingest.front_matter.places import Span, Steps
from kb.check.finding import Finding
from kb.check.rule import Rule
from kb.check.severity import Severity
from kb.corpus.lesson_file import LessonFile
from kb.corpus.prompts import value_at
from kb.edit.yaml_text import scalar_text

SIGN = Rule(
    "structure.sign",
    Severity.WARNING,
    "A text without quotes has a `#` or `&` that YAML reads as its own sign.",
    "have a sign in a text that YAML reads as its own",
    "` #` starts a comment, and `&` names what follows it: other programs read only a part of the text. kb "
    "reads both as text where a word follows directly. Put the text in quotes.",
    "---\ntitle: Order #4711 went to the wrong address\n---\n",
    '---\ntitle: "Order #4711 went to the wrong address"\n---\n',
    fixable=True,
)
COMMENT = Rule(
    "structure.comment",
    Severity.NOTE,
    "A comment follows a text in the front matter.",
    "have a comment after a text",
    "The text after `# ` is a comment: it is neither searched nor shown. If it belongs to the text, put both in "
    "quotes; if not, write two spaces before `#`.",
    "---\ntitle: Wrong labels # in the second print run\n---\n",
    "---\ntitle: Wrong labels in the second print run\n---\n",
)
RULES = (SIGN, COMMENT)

_SIGN = re.compile(r"(?:^|\s)#|^&")
# Two blanks before a comment mark it as intended, as YAML style guides recommend.
_COMMENT = re.compile(r"\s#\s*(?!\s|kb:)(?P<said>.*)")
_QUOTES = ("'", '"', "|", ">")
_LONGEST_SHOWN = 40


def _is_of_texts(shape: Shape) -> bool:
    return isinstance(shape.of if isinstance(shape, Items) else shape, Text)


_TEXTS = frozenset(name for name, key in FORMAT.keys.items() if _is_of_texts(key.shape))


def check(file: LessonFile) -> Iterator[Finding]:
    """Yield the texts that other programs read differently, then the comments after texts of the format."""
    if not file.reading.front_matter or not any(sign in file.text for sign in "#&"):
        return
    for steps, span in file.places.values.items():
        value = value_at(file.metadata, steps)
        text = file.text_in(span)
        if not isinstance(value, str) or text.startswith(_QUOTES) or _is_named(text, value):
            continue
        if _SIGN.search(value) and _SIGN.search(text):
            message = f"{_name(steps)}: other programs read only a part of this; put it in quotes"
            yield SIGN.at(file, span, message, (file.edit(span, scalar_text(value, '"')),))
        elif steps[0] in _TEXTS and (comment := _comment_behind(file, span)):
            yield COMMENT.at(
                file, span, f'{_name(steps)}: "{comment}" is a comment; quote it if it belongs to the text'
            )


def _is_named(text: str, value: str) -> bool:
    """Return whether a value is an anchor in use or an alias, which are meant as YAML."""
    return text.startswith(("&", "*")) and not value.startswith(text[0])


def _comment_behind(file: LessonFile, span: Span) -> str:
    found = _COMMENT.match(file.rows[span.end_line], span.end_column)
    text = " ".join(found["said"].split()) if found else ""
    return text if len(text) <= _LONGEST_SHOWN else f"{text[: _LONGEST_SHOWN - 3]}..."


def _name(steps: Steps) -> str:
    return ".".join(step for step in steps if isinstance(step, str))
