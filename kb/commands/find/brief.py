"""`kb brief`."""

from __future__ import annotations

from typing import Any

import click

from kb.demand.noting.asked import Command, Question
from kb.options.brief import BriefOptions, brief_options
from kb.options.query import QueryCommand
from kb.output.brief import print_brief
from kb.retrieval.request import SimilarRequest
from kb.session import Session
from kb.system.threads import start_no_threads


@click.command(
    cls=QueryCommand,
    epilog="""\b
Examples:
  kb brief customers get brochures with errors
  kb brief -f mail.txt                     the problem is a page; `-` reads standard input
  kb brief --like on-demand-brochures      more like this lesson
  kb brief --tag planning --out brief.md "plans cannot be compared"
  kb brief --html --out brief.html "plans cannot be compared"
""",
)
@brief_options
@click.pass_obj
def brief(session: Session, /, **given: Any) -> int:
    """Make one page on a problem: cases, tools, the way to work it out, and whom to call.

    The page has at most 60 lines of Markdown. Every sentence is quoted from a lesson, with its place behind it: up
    to three cases (what they did, what they learned, what came of it, in what they are like yours), tools to take,
    the steps of a method, what did not work, whom to call, and what the library does not know about the problem.

    Exit code 0: a lesson answers or may help; 1: only the nearest lessons were found, or none.
    """
    start_no_threads()
    options = BriefOptions.of(given)
    base = session.knowledge_base()
    session.refuse_links(base, [options.file] if options.file else [])
    if options.out:
        session.refuse_output(base, options.out)
    request, lesson = options.request, None
    if options.like is not None:
        subject = base.subject(SimilarRequest(options.like, last=session.last_hits(base)))
        request, lesson = subject.request(1), subject.lesson
    with base.open(request.mode, refresh=options.refresh, on_report=session.name_problems) as index:
        made = index.brief(request, lesson)
        command = Command.BRIEF if options.like is None else Command.SIMILAR
        session.note_question(base, Question(command, request, made.answer, bool(request.filters)))
        return print_brief(made, options.form, options.out, index.changes, session.notify)
