"""`kb search`."""

from __future__ import annotations

from typing import Any

import click

from kb.demand.noting.asked import Command, Question
from kb.options.query import QueryCommand
from kb.options.search import SearchOptions, search_options
from kb.output.answer import print_answer, print_batch, print_why_not
from kb.session import Session
from kb.system.threads import start_no_threads


@click.command(
    cls=QueryCommand,
    epilog="""\b
Examples:
  kb search we keep sending customers the wrong product information
  kb search '"proof-reading system"'       lessons with this very phrase, if any
  kb search brochures -dealers             leave out lessons that name dealers
  kb search kind:tool unit:toyota          what the front matter says; all in docs/searching.md
  kb search --tag sales --since "last year" --limit 10 --json "plans cannot be compared"
  kb search -f mail.txt                    the query is a page; `-` reads standard input
  kb search --as-of 2026-01-01 brochures   from the lessons as they stood; a tag or commit too
  kb search --why-not stampede "too many"  why a lesson is not where you expect it
  kb search --batch queries.jsonl          many at once: {"id": "1", "query": "brochures"} on each line
""",
)
@search_options
@click.pass_obj
def search(session: Session, /, **given: Any) -> int:
    """Find the lessons for a problem, described in your own words.

    A lesson need not contain all words: the lessons that fit best come first, each with its best passage, its
    impact and whom to ask. Each is marked as one that answers, one that may help, or one of the nearest. Filters
    restrict the search; without a QUERY all lessons that meet them are listed, the newest first.

    If there is no index, one is built first. For a large library it has only words at first, and the answer says
    so; `kb reindex` adds the meaning. --refresh and --mode semantic wait for the whole index.

    Exit code 0: a lesson answers or may help; 1: only the nearest lessons were found, or none; 3:
    some lines of a batch could not be answered.
    """
    start_no_threads()
    options = SearchOptions.of(given)
    session.refuse_links(today := session.knowledge_base(), options.files)
    base = today.as_of(options.as_of)
    request = options.limited(base.config.limit)
    with base.open(request.mode, refresh=options.refresh, on_report=session.name_problems) as index:
        if options.batch:
            return print_batch(index.ask_lines(options.lines(), request), options.batch, index.changes, session.notify)
        if options.why_not is not None:
            return print_why_not(index.why_not(options.why_not, request, session.last_hits(base)), options.form)
        answer = index.ask(request)
        view = options.view(base.config, restricted=index.is_restricted(request))
        session.remember(base, Question(Command.SEARCH, request, answer, view.restricted))
        return print_answer(answer, options.form, view, index.changes, session.notify)
