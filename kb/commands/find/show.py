"""`kb show`."""

from __future__ import annotations

import sys

import click

from ingest.kinds import Kind
from kb.session import Session
from kb.visible import as_written, json_text


@click.command(
    epilog="""\b
Examples:
  kb show on-demand-brochures
  kb show 2                                    the second hit of the last search here
  kb show lessons/on-demand-brochures.md:92    the section that stands at that line
  kb show on-demand-brochures --section tool   its tools alone
  kb show on-demand-brochures | less           the text as it was written, without the front matter
""",
)
@click.argument("id_", metavar="ID")
@click.option("--section", type=click.Choice([kind.value for kind in Kind]), help="Only the sections of this kind.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def show(session: Session, id_: str, section: str | None, as_json: bool) -> None:
    """Show a lesson: whole, its sections of one kind, or the section at a line.

    ID is the lesson's id or the path of its file; with `:LINE` behind it, the section that stands there
    now is shown. It may also be the number of a hit of the last search in this terminal, the beginning
    of an id, or a title or a part of it. An id wins over a number.

    A terminal shows in short what the front matter says, then the text. A pipe or a file gets the text
    alone, as it was written; --json has all of the front matter.
    """
    from kb.system.last_hits import last_hits

    knowledge_base = session.knowledge_base()
    lesson, place = knowledge_base.find(id_, last_hits(knowledge_base.config.root))
    if place.line and section:
        raise click.UsageError("a line and --section are two ways to name a section; leave one out.")
    text = knowledge_base.text(lesson, Kind(section) if section else None, place.line)
    if as_json:
        found = {"id": lesson.id, "title": lesson.title, "path": lesson.path, "metadata": lesson.metadata, "text": text}
        click.echo(json_text(found))
        return
    with_facts = sys.stdout.isatty() and section is None and place.line is None
    if sys.stdout.isatty():
        from kb.terminal.lessons import render_lesson

        session.page(render_lesson(lesson, text, facts=with_facts))
    else:
        as_written(sys.stdout).write(f"{text}\n")
    if not (knowledge_base.config.root / lesson.path).exists():
        session.say(f"{lesson.path} is gone since the index was built: this is what it said; run `kb reindex`")
    if not with_facts and not lesson.is_current:
        session.say(": ".join(part for part in (f"{lesson.id} is {lesson.status}", lesson.status_because) if part))
