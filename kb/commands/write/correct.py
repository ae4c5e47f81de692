"""`kb correct`."""

from __future__ import annotations

from datetime import date

import click

from kb.errors import Exit
from kb.output.correction import print_diff, print_found
from kb.retrieval.request import Request
from kb.session import Session


@click.command(
    epilog="""\b
Examples:
  kb correct "leaflets with typos" on-demand-brochures
  kb correct "who proof-reads?" lessons/on-demand-brochures.md
""",
)
@click.argument("question", metavar="QUERY")
@click.argument("id_", metavar="ID")
@click.pass_obj
def correct(session: Session, question: str, id_: str) -> int:
    """Add a question that failed to a lesson's `answers`, and check that the lesson is found now.

    ID is the lesson's id, or the path of its file. The change of the file is shown, then its path; the commit is left
    to you. The index is updated at once, and a message says at which rank the question finds the lesson.

    Exit code 0: the question finds the lesson among the first; 1: it does not, or the change would bring an error
    that `kb check` names, and nothing was changed; 3: the lesson or the index could not be changed.
    """
    from kb.life.answering import correct as corrected

    base = session.knowledge_base()
    done = corrected(base.life(date.today()), question, id_)
    print_diff(done, session.notify)
    if (code := session.settle(done.outcome)) is not Exit.DONE:
        return code
    request = Request(done.question, is_page=True, limit=base.config.limit)
    with base.open(on_report=session.name_problems) as index:
        return print_found(index.why_not(done.lesson, request), session.notify)
