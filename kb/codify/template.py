"""Templates: a lesson's headings in order, with a prompt below each, and front matter with prompts."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingest.files.reason import reason_of
from ingest.files.regular_file import read_regular
from ingest.format import FORMAT
from ingest.front_matter.places import Steps
from ingest.kinds import HEADINGS, Kind, KindTable
from ingest.lesson import Metadata
from ingest.markdown.blocks import outline
from ingest.problem import Unreadable
from ingest.reading import Reading, read_lesson
from ingest.section import Section
from kb.codify.built_in import BUILT_IN, FOLDER
from kb.codify.draft import Draft
from kb.edit.edit import edited
from kb.edit.sections import Sections
from kb.edit.yaml_rows import yaml_rows
from kb.errors import UnknownTemplate
from kb.trust.distrust import leads_through_link

_MOST_BYTES = 1_000_000
_PROMPT = re.compile(r"\s# kb: (.+)$")
_MARKDOWN = re.compile(r"([\\`*_\[\]<>&~#])")


@dataclass(frozen=True, slots=True)
class Template:
    """A Markdown file from which lessons are made."""

    name: str
    reading: Reading

    def filled(self, draft: Draft, kinds: KindTable) -> str:
        """Return the text of a lesson with the known values, and prompts for the others."""
        draft = draft.over(Draft(self._values))
        comments = {**self._prompts(draft.values), **draft.comments}
        body = self._body(draft.values.get("title"))
        body = edited(body, Sections(body, kinds).put(_in_order(draft.sections)))
        return "\n".join(["---", *yaml_rows(_ordered(draft.values, self._values), comments), "---", "", body])

    def headings(self, kinds: KindTable) -> dict[Kind, str]:
        """Return the heading of the lesson by kind of section."""
        own = [(kinds.kind_of(section.headings[-1:]), section.headings[-1]) for section in self._sections]
        return {**HEADINGS, **{kind: heading for kind, heading in reversed(own) if kind is not Kind.OTHER}}

    @property
    def _sections(self) -> list[Section]:
        return [section for section in self.reading.sections if section.headings]

    @property
    def _values(self) -> Metadata:
        return self.reading.lesson.metadata

    def _prompts(self, values: Metadata) -> dict[Steps, str]:
        """Return the template's prompts beside keys that have no value yet."""
        rows = self.reading.text.split("\n")
        found = {
            steps: match[1]
            for steps, span in self.reading.matter.places().keys.items()
            if (match := _PROMPT.search(rows[span.line]))
        }
        return {steps: comment for steps, comment in found.items() if _value(values, steps) in (None, [], {}, "")}

    def _body(self, title: Any) -> str:
        lines = self.reading.front_matter
        rows = self.reading.text.split("\n")[lines[1] + 1 if lines else 0 :]
        body = "\n".join(rows).strip("\n") + "\n"
        has_title = any(heading.level == 1 for heading in outline(body).headings)
        return body if has_title or not title else f"{heading_line(str(title))}\n\n{body}"


def heading_line(title: str) -> str:
    """Return a title as a heading of level 1, with characters escaped that Markdown would interpret."""
    line = f"# {title}"
    found = outline(line)
    as_it_is = [heading.title for heading in found.headings] == [" ".join(title.split())] and not found.blocks
    return line if as_it_is else "# " + _MARKDOWN.sub(r"\\\1", title)


def template_named(name: str, root: Path, kinds: KindTable) -> Template:
    """Read a template; one of the knowledge base has priority over a built-in one. Raises `UnknownTemplate`."""
    own, built_in = root / FOLDER / f"{name}.md", BUILT_IN / f"{name}.md"
    known = template_names(root)
    if name not in known:
        raise UnknownTemplate(f"there is no template {name!r}; there are {', '.join(known)}")
    try:
        if leads_through_link(own, root):
            raise UnknownTemplate(f"{own}: a link, which is not followed; remove it, or use another with --template")
        data = read_regular(own, _MOST_BYTES, links=False) if os.path.lexists(own) else built_in.read_bytes()
        reading = read_lesson(data, f"{FOLDER}/{name}.md", name, kinds)
    except (OSError, Unreadable) as error:
        raise UnknownTemplate(f"{own}: {reason_of(error) if isinstance(error, OSError) else error}") from error
    for problem in reading.problems:
        raise UnknownTemplate(f"{problem}; correct the template, or use another with --template")
    return Template(name, reading)


def template_names(root: Path) -> list[str]:
    """Return the names of all templates, built-in and of the knowledge base."""
    return sorted({Path(path.name).stem for path in [*_own(root), *BUILT_IN.iterdir()] if path.name.endswith(".md")})


def _own(root: Path) -> list[Path]:
    folder = root / FOLDER
    return list(folder.iterdir()) if folder.is_dir() else []


def _in_order(sections: Mapping[Kind, str]) -> dict[Kind, str]:
    return {kind: sections[kind] for kind in Kind if kind in sections}


def _ordered(values: Metadata, template: Metadata) -> Metadata:
    """Return values in the template's key order; further keys in the format's order, then unknown ones."""
    order = list(dict.fromkeys([*template, *FORMAT.keys, *values]))
    return {key: values[key] for key in order if key in values}


def _value(values: Any, steps: Steps) -> Any:
    for step in steps:
        if isinstance(values, dict):
            values = values.get(step)
        elif isinstance(values, list) and isinstance(step, int) and step < len(values):
            values = values[step]
        else:
            return None
    return values
