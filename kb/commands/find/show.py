"""`kb show`."""

from __future__ import annotations

import click

from ingest.kinds import Kind
from kb.options.common import as_of_option, json_option
from kb.output.form import Form
from kb.output.lesson import print_lesson
from kb.session import Session


@click.command(
    epilog="""\b
Examples:
  kb show on-demand-brochures
  kb show 2                                    the second hit of the last search here
  kb show lessons/on-demand-brochures.md:95    the section at that line
  kb show on-demand-brochures --section tool   its tools alone
  kb show --as-of 2026-01-01 on-demand-brochures
  kb show on-demand-brochures | less           the text as it was written, without the front matter
""",
)
@click.argument("id_", metavar="ID")
@click.option("--section", type=click.Choice([kind.value for kind in Kind]), help="Only the sections of this kind.")
@as_of_option
@json_option
@click.pass_obj
def show(session: Session, id_: str, section: str | None, as_of: str | None, form: Form) -> None:
    """Show a lesson: whole, its sections of one kind, or the section at a line.

    ID is the lesson's id or the path of its file; with `:LINE` after it, the section now at that line is shown. It may
    also be the number of a hit of the last search in this terminal, the beginning of an id, or a title or a part of
    it. If an id is a number too, the lesson with this id is shown.

    A terminal shows a summary of the front matter, how well its impact is shown, whom to ask and which later lessons
    used it, then the text. A pipe or a file gets only the text, as it was written; --json has all of that and the
    whole front matter.
    """
    base = session.knowledge_base().as_of(as_of)
    shown = base.show(id_, session.last_hits(base), Kind(section) if section else None)
    print_lesson(shown, form, page=session.page, notify=session.notify)
    session.note_opened(base, shown.lesson.id)
