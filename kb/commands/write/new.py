"""`kb new`."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

import click

from kb.errors import Exit
from kb.options.new import NewOptions, new_options
from kb.output.form import print_json
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
def new(session: Session, /, **given: Any) -> int:
    """Write a lesson: a draft with headings, prompts, and all that is known already.

    In a terminal it opens in $VISUAL or $EDITOR; prompts that are answered are removed. Then you see how it will
    look when it is found, which lessons are similar to it, and what `kb promote` still requires. Only its path goes
    to stdout. --json opens no editor.

    Exit code 0: the draft is written; 3: it could not be written, or the editor failed and the draft stays.
    """
    from kb.codify.drafts import DraftRequest
    from kb.terminal.sitting import Sitting, asked_for_title, interrupted, shown

    options = NewOptions.of(given)
    drafts = session.knowledge_base().drafts(date.today())
    if path := drafts.named(options.title) if options.ask else None:
        options.refuse_beginning(shown(path))
    try:
        notes = drafts.source(options.notes) if options.notes else None
        request = DraftRequest(options.title, notes, options.name, options.gap)
        if options.form:
            print_json(drafts.begun(request))
            return Exit.DONE
        path = path or drafts.begin(request, partial(asked_for_title, anywhere=options.ask), session.notify)
    except KeyboardInterrupt as interrupt:
        if not options.ask:
            raise
        return interrupted(interrupt, "0 answers saved; to go on: kb new --ask")
    click.echo(shown(path))
    sitting = Sitting(session, drafts.open(path))
    return sitting.interview() if options.ask else sitting.write(in_editor=not options.no_edit, from_notes=bool(notes))
