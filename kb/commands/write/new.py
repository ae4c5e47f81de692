"""`kb new`."""

from __future__ import annotations

from datetime import date
from functools import partial
from pathlib import Path

import click

from kb.options.new import new_options
from kb.session import Session


@click.command(
    epilog="""\b
Examples:
  kb new "Orders left with the wrong label"     a draft, opened in your editor
  kb new --ask                                  the same as an interview in the terminal
  kb new --ask lessons/2026-11-22-labels.md     goes on with that interview
  kb new --from notes.md                        from raw notes, a mail, a chat, an export
  kb new --template post-mortem "Site down"     other headings
  kb new --for 2                                for the second gap of `kb gaps`, with its questions
""",
)
@new_options
@click.pass_obj
def new(
    session: Session, title: tuple[str, ...], notes: str | None, ask: bool, name: str, gap: str, no_edit: bool
) -> int:
    """Write a lesson: a draft with headings, prompts, and all that is known already.

    In a terminal it opens in $VISUAL or $EDITOR; prompts that are answered are removed. Then you see how it will
    look when it is found, which lessons are similar to it, and what `kb promote` still requires. Only its path goes
    to stdout.

    Exit code 0: the draft is written; 3: it could not be written, or the editor failed and the draft stays.
    """
    from kb.codify.drafts import DraftRequest
    from kb.terminal.sitting import Sitting, asked_for_title, interrupted, shown

    words = " ".join(title)
    drafts = session.knowledge_base().drafts(date.today())
    path = drafts.named(words) if ask else None
    if not ask and words.endswith(".md") and Path(words).is_file():  # whoever names a file means no title
        raise click.UsageError(f"{words} is a file; to go on with it: kb new --ask FILE; as notes: kb new --from FILE")
    if path and (notes or gap):
        option = "--from" if notes else "--for"
        raise click.UsageError(f"{option} begins a new lesson, and {shown(path)} exists already; leave one out")
    try:
        request = DraftRequest(words, notes, name, gap)
        path = path or drafts.begin(request, partial(asked_for_title, anywhere=ask), session.notify)
    except KeyboardInterrupt as interrupt:
        if not ask:
            raise
        return interrupted(interrupt, "0 answers saved; to go on: kb new --ask")
    click.echo(shown(path))
    sitting = Sitting(session, drafts.open(path))
    return sitting.interview() if ask else sitting.write(in_editor=not no_edit, from_notes=bool(notes))
