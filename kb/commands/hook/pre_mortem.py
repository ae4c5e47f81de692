"""`kb hook pre-mortem`."""

from __future__ import annotations

from pathlib import Path

import click

from kb.options.common import form_options
from kb.output.form import Form
from kb.output.hooks import print_checklist
from kb.session import Session
from kb.system.threads import start_no_threads


@click.command(
    "pre-mortem",
    epilog="""\b
Examples:
  kb hook pre-mortem                       this branch, since it left main
  kb hook pre-mortem --base release-2      since it left another branch
  kb hook pre-mortem --md                  to paste it into a pull request
  kb --root ~/lessons hook pre-mortem      the lessons of another folder, for the repository here
""",
)
@click.option("--base", metavar="BRANCH", help="Where the branch began. Default: main, as far as git knows it.")
@form_options(md="Print Markdown.", json="Print one JSON object.")
@click.pass_obj
def pre_mortem(session: Session, base: str | None, form: Form) -> int:
    """Show what earlier lessons advise for a branch, as a checklist before it is merged.

    The lessons are found by the messages of the branch's commits, its name, and the paths that it changes, also
    those that are only staged. Each that fits gives one sentence, with its place and whom to ask.

    Exit code 0: a lesson answers or may help; 1: none does.
    """
    start_no_threads()
    hooks = session.knowledge_base().hooks
    return print_checklist(hooks.checklist(hooks.branch(Path.cwd(), base)), form, session.notify)
