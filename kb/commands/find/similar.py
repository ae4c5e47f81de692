"""`kb similar`."""

from __future__ import annotations

from typing import Any

import click

from kb.demand.noting.asked import Command, Question
from kb.errors import Exit
from kb.options.common import json_option, limit_option
from kb.options.query import filter_options
from kb.output.analogies import print_analogies
from kb.output.form import Form
from kb.retrieval.request import FilterOptions, SimilarRequest
from kb.session import Session


@click.command(
    epilog="""\b
Examples:
  kb similar on-demand-brochures           cases like this lesson
  kb similar 2                             cases like the second hit of the last search
  kb similar drafts/wrong-labels.md        cases like a draft that is in no index yet
  kb similar 2 --where 'evidence>=C'       only those whose impact is shown by a comparison
""",
)
@click.argument("name", metavar="ID|FILE")
@limit_option
@filter_options
@json_option
@click.pass_obj
def similar(session: Session, /, name: str, limit: int | None, form: Form, **filters: Any) -> int:
    """Find the lessons most like a lesson: analogous cases, with what they share and in what they differ.

    The whole text is compared, by words and by meaning. ID is anything that `kb show` accepts; FILE is any other
    Markdown file.

    Exit code 0: lessons were found; 1: there is no other lesson.
    """
    base = session.knowledge_base()
    found = base.similar(SimilarRequest(name, limit, session.last_hits(base), FilterOptions(**filters)))
    restricted = any(filters.values())
    session.remember(base, Question(Command.SIMILAR, found.subject.request(1), found.answer, restricted))
    print_analogies(found, form, base.config.root, session.notify)
    return Exit.DONE if found.answer.results else Exit.NOTHING
