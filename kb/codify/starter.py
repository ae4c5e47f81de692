"""The files that `kb init` makes."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.files.corpus import is_markdown
from ingest.files.reason import reason_of
from ingest.files.tree import folders_below
from ingest.kinds import Kind
from kb.codify.built_in import BUILT_IN, FOLDER, TO_CHANGE
from kb.config import FILE_NAME
from kb.demand.shared.gaps_file import have_git_merge_gaps
from kb.errors import CannotWrite, ConfigError
from kb.index.store import FOLDER_NAME
from kb.reuse.ledger import FOLDER as LEDGER
from kb.reuse.ledger import make_folder
from kb.system.git import repository_of
from kb.trust.distrust import refuse_link

if TYPE_CHECKING:
    from ingest.lesson import Lesson

CONFIG = f"""\
# This file marks the root of a knowledge base. Every key is optional; the values here are the defaults.

[corpus]
# paths = ["lessons"]            # folders below this one, in which the lessons are
# include = ["**/*.md", "**/*.MD", "**/*.markdown", "**/*.mdx"]   # which files are lessons
# exclude = []                   # and which of those are not lessons, for instance ["drafts/"]

[model]
# name = "all-MiniLM-L6-v2"      # the bundled model, any sentence-transformers model id, or a folder

[search]
# limit = 5                      # how many lessons a search shows

[reindex]
# max_removed = 0.25             # share of lessons that may be gone at once (ten always may, never all), or a number
# max_regressions = 0.1          # share that may no longer be found for its `answers` (ten always may), or a number

[check]
# select = []                    # only these groups or codes of `kb check`; an empty list means all
# ignore = []                    # except these, for instance ["vocabulary", "rigour.superlative"]
# keys = []                      # further keys of the front matter that your lessons have
# strict = false                 # warnings count as errors

[demand]
# record = false                 # note, on each user's own machine, what is asked, to find what is missing
# days = 365                     # and for how long
# text = false                   # of a page that is asked, note the whole text, not only its informative words

[sections]
# Further headings for a kind of section. The kinds:
# {", ".join(Kind)}.
# method = ["Recommendations"]
"""

EXAMPLE = """\
---
title: Orders left the warehouse with the wrong label
summary: An example. Labels were printed before the address was checked; a two-minute check ended the returns.
tags: [example, shipping]
unit: Warehouse North
date: 2026-01
status: draft
mode: do-learn-do
answers:
  - parcels come back because the address on them is wrong
  - customers get somebody else's order
  - how do we stop sending goods to the wrong place
people:
  - {name: Jane Doe, role: contact, contact: jane.doe@example.org}
screening:
  strategic: "Yes: every return costs a customer's patience."
  reusable: "Yes: any unit that prints before it checks."
impact:
  - area: cost
    metric: returned parcels a week
    kind: business-process
    before: 40
    after: 6
    change: "-85%"
    design: pre-post
review_by: 2027-01
applies_when: [something is printed or sent before it has been checked]
---

# Orders left the warehouse with the wrong label

This lesson is an example. Replace it with your first own one, or delete it.

## Problem

Forty parcels a week came back, because their label showed an old address.

## What was done

The team followed ten parcels from order to door, in the warehouse, with the people who pack them.

## What we learned

Labels were printed when the order came in, and addresses were corrected after that.

## How we worked it out

One morning of walking along with the parcels, one afternoon around a board. Nobody was asked for a report.

## Tools

A checklist of four lines that hangs beside the printer.

## What did not work

A reminder by mail: nobody packs with a mailbox open.

## Impact

From forty returns a week to six, against the three months before.

## When to use it again

Whenever something is printed or sent before it has been checked.

## People to ask

Jane Doe, who packs, and who drew the checklist.
"""

_IGNORE = f"""\
# Derived from the lessons; kb makes it again.
{FOLDER_NAME}/
"""


def is_example(lesson: Lesson) -> bool:
    """Return whether a lesson is still the example, not replaced by a lesson of the user's own."""
    return (lesson.title, lesson.summary) == (_example().title, _example().summary)


@cache
def _example() -> Lesson:
    from ingest.kinds import KindTable  # a new knowledge base is made without a parser
    from ingest.reading import read_lesson

    return read_lesson(EXAMPLE.encode(), "example.md", "example", KindTable()).lesson


def make_knowledge_base(folder: Path) -> list[Path]:
    """Write a new knowledge base and return the files made; raises `ConfigError` if there is one already."""
    config = folder / FILE_NAME
    if config.exists():
        raise ConfigError(f"{config} exists already; nothing was changed")
    made: list[Path] = []
    for name in ("lessons", FOLDER, LEDGER):
        if (folder / name).is_symlink():
            raise CannotWrite(f"{folder / name}: a link, which is not followed; remove it, and run `kb init` again")
    try:
        (folder / "lessons").mkdir(parents=True, exist_ok=True)
        if not any(is_markdown(name) for _, names in folders_below(folder / "lessons") for name in names):
            made.append(_write_new(folder / "lessons" / "example.md", EXAMPLE))
        made += [
            _write_new(folder / FOLDER / name, (BUILT_IN / name).read_text("utf-8"))
            for name in TO_CHANGE
            if not (folder / FOLDER / name).exists()
        ]
        if not (folder / ".gitignore").exists():
            made.append(_write_new(folder / ".gitignore", _IGNORE))
        made += make_folder(folder)
        made += have_git_merge_gaps(folder)
        made.append(_write_new(config, CONFIG))  # last, because it makes the folder a knowledge base
    except OSError as error:
        raise CannotWrite(f"{error.filename or folder}: {reason_of(error)}") from error
    return made


def refuse_link_of_clone(folder: Path) -> None:
    """Raise `NoSuchFile` if a folder is behind a link of the repository around the working directory.

    Such a link comes from the author of the cloned repository, who is not trusted.
    """
    if repository := repository_of(Path.cwd()):
        refuse_link(folder, repository.top)


def _write_new(path: Path, text: str) -> Path:
    path.parent.mkdir(exist_ok=True)
    with path.open("x", encoding="utf-8") as file:
        file.write(text)
    return path
