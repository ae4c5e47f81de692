"""`kb reindex`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kb.errors import CannotWrite, Exit, KbError
from kb.session import Session
from kb.visible import json_text

if TYPE_CHECKING:
    from kb.reindex.report import Report

_STANDARD_OUTPUT = "-"


@click.command(
    epilog="""\b
Examples:
  kb reindex                    bring the index up to date
  kb -q reindex --json          the same for a nightly job's log
  kb reindex --full             read, split and index every lesson again
  kb reindex --report - | mail -s "the lessons" team@example.org
""",
)
@click.option("--full", is_flag=True, help="Read every lesson again. Vectors of texts that are known are reused.")
@click.option("--allow-removals", is_flag=True, help="Believe that lessons are gone, however many.")
@click.option("--no-gate", is_flag=True, help="Publish without proof that lessons are still found. For emergencies.")
@click.option("--wait", metavar="SECONDS", type=click.FloatRange(0), default=0.0, help="Wait for another writer.")
@click.option("--report", "report_to", metavar="FILE|-", help="Write what happened in Markdown, for a mail or a chat.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as one JSON object.")
@click.pass_obj
def reindex(
    session: Session,
    full: bool,
    allow_removals: bool,
    no_gate: bool,
    wait: float,
    report_to: str | None,
    as_json: bool,
) -> int:
    """Bring the index up to date, doing only what is needed.

    Readers see the old index until the new one is complete. Where there is none yet, words are
    indexed first, and searches answer by them while passages are encoded. A file that cannot be
    read is named and keeps what was indexed of it. The report is written also when nothing was
    published.

    Exit code 0: done; 3: done, but some files could not be read, or not wholly, or the new index was
    refused and the old one is as it was; 4: another writer is running.
    """
    if as_json and report_to == _STANDARD_OUTPUT:
        raise click.UsageError("--json and --report - both want the standard output; name a file for the report")
    from kb.reindex.reindex import Orders

    orders = Orders(full=full, allow_removals=allow_removals, gate=not no_gate)
    began = datetime.now(UTC)
    try:
        report = session.knowledge_base().reindex(orders, wait=wait)
    except BaseException as error:
        _report_failure(session, report_to, began, error)
        raise
    if as_json:
        click.echo(json_text(report.as_json()))
    elif report_to != _STANDARD_OUTPUT:
        click.echo(report.line)
    session.name_problems(report)
    if report.refusal:
        click.echo(f"kb: {report.refusal}", err=True)
    if report_to is not None:
        _write_report(session, report_to, began, report)
    return Exit.PARTLY_FAILED if report.failed or report.refusal else Exit.DONE


def _report_failure(session: Session, report_to: str | None, began: datetime, error: BaseException) -> None:
    if report_to is not None:
        try:
            _write_report(session, report_to, began, error)
        except CannotWrite as unwritten:  # the second thing that went wrong must not hide the first
            click.echo(f"kb: {unwritten}", err=True)


def _write_report(session: Session, report_to: str, began: datetime, result: Report | BaseException) -> None:
    from kb.reindex.job import account
    from kb.reindex.report_text import markdown, write_report

    root = _root_of(session)
    text = markdown(account(began, result), root)
    if report_to == _STANDARD_OUTPUT:
        click.echo(text, nl=False)
    else:
        write_report(Path(report_to), text, root)


def _root_of(session: Session) -> Path | None:
    from kb.config import root_from

    try:
        return root_from(session.root)
    except KbError:
        return None
