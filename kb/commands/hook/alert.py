"""`kb hook alert`."""

from __future__ import annotations

import sys

import click

from kb.errors import Exit
from kb.hooks.alert import MOST_BYTES, text_of_alert
from kb.hooks.deadline import harmless
from kb.options.common import form_options
from kb.output.form import Form, print_text
from kb.output.hooks import print_alert
from kb.session import Session
from kb.system.threads import start_no_threads


@click.command(
    epilog="""\b
Examples:
  kb hook alert < alert.json               the lessons, as text
  kb hook alert --md < alert.json          as Markdown, for a chat
  cat page.txt | kb hook alert --append    the alert, and below it the lessons
""",
)
@click.option("-n", "--limit", type=click.IntRange(1, 10), default=3, show_default=True, help="How many lessons.")
@click.option("--append", is_flag=True, help="Print the alert first, as it came.")
@click.option("--seconds", type=click.FloatRange(0.1, 60), default=5, show_default=True, help="How long it may take.")
@form_options(md="Print Markdown.")
@click.pass_obj
def alert(session: Session, limit: int, append: bool, seconds: float, form: Form) -> int:
    """Find the lessons for an alert on standard input: JSON of Alertmanager, PagerDuty and others, or text.

    Only lessons that answer or may help are printed. The exit code is 0 also if there are none, if there is no
    index, or if it takes too long, so that no alert is lost because of it; the reason stands on stderr.
    """
    start_no_threads()
    data = sys.stdin.buffer.read(MOST_BYTES)
    if append:
        print_text(data.decode("utf-8", "replace").rstrip("\n") + "\n")
    with harmless(seconds, session.notify):
        print_alert(session.knowledge_base().hooks.lessons(text_of_alert(data), limit), form, session.notify)
    return Exit.DONE
