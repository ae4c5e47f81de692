"""`kb digest`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import click

from kb.options.digest import DigestOptions, digest_options
from kb.output.keeper.digest import Printer
from kb.session import Session
from kb.system.threads import start_no_threads


@click.command(
    epilog="""\b
Examples:
  kb digest                              what is new since the last digest, else in the last week
  kb digest --since "last monday"
  kb digest --since v1.2 --html --out news.html
  kb digest --since "30 days ago" --atom --out feed.xml
  kb digest --for sales                  what concerns one subscription of kb.toml
  kb digest --mail                       the mails that would be sent, to whom
  kb digest --send                       send them; docs/digest.md says through which server
""",
)
@digest_options
@click.pass_obj
def digest(session: Session, /, **given: Any) -> int:
    """Show what is new in the library: lessons, impact that was measured, what helped whom.

    It compares the committed lessons with those of an earlier commit. A lesson that was only moved is not new. Each
    [[subscriptions]] of kb.toml is a saved search, whose reader gets only what concerns them, and only once.

    Exit code 3: a subscription is broken, or a mail was not accepted; each is named, and the others got theirs.
    """
    start_no_threads()
    options = DigestOptions.of(given)
    base = session.knowledge_base()
    if options.out:
        session.refuse_output(base, options.out)
    digests = base.digests(datetime.now(UTC))
    printer = Printer(digests, session.notify, session.warn)
    if options.is_mail:
        found = (digests.send if options.send else digests.letters)(options.reader, options.since)
        return printer.print_letters(found, sent=options.send)
    one = [] if options.is_for_readers else [digests.for_everybody(options.since)]
    made = one or [*digests.for_readers(options.reader, options.since)]
    code = printer.print(made, options.form, options.out, listed=options.every)
    if options.mark:
        digests.remember(made)
    return code
