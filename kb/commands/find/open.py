"""`kb open`."""

from __future__ import annotations

import sys

import click

from kb.session import Session


@click.command(
    "open",
    epilog="""\b
Examples:
  kb open 2                                    the second hit of the last search here, at its line
  kb open lessons/on-demand-brochures.md:95
  kb open on-demand-brochures
""",
)
@click.argument("id_", metavar="ID")
@click.pass_obj
def open_(session: Session, id_: str) -> None:
    """Open a lesson in your editor, at the line that was found or named.

    ID is anything that `kb show` accepts. The editor is $VISUAL, or else $EDITOR. These are opened at the line: vi,
    vim, nvim, nano, emacs, micro, VS Code; others open the file.
    """
    from kb.codify.editor import edit, editor
    from kb.errors import NoEditor

    base = session.knowledge_base()
    id_, file, line = base.place(id_, session.last_hits(base))
    where = f"the lesson is in {file}" + (f", line {line}" if line else "")
    if not sys.stdin.isatty() or not sys.stdout.isatty():
        raise NoEditor(f"there is no terminal here for an editor; {where}")
    command = editor()
    if not command:
        raise NoEditor(f"neither $VISUAL nor $EDITOR is set; name your editor, as in `export EDITOR=nano`; {where}")
    edit(command, file, line)
    session.note_opened(base, id_)
