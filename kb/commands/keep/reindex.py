"""`kb reindex`."""

from __future__ import annotations

import click

from kb.errors import Exit
from kb.options.reindex import run_options
from kb.output.form import Form
from kb.output.upkeep.run import STANDARD_OUTPUT, RunReport, print_run
from kb.session import Session


@click.command(
    epilog="""\b
Examples:
  kb reindex                    bring the index up to date
  kb -q reindex --json          the same for a nightly job's log
  kb reindex --full             read, split and index every lesson again
  kb reindex --report - | mail -s "the lessons" team@example.org
""",
)
@run_options
@click.pass_obj
def reindex(
    session: Session,
    full: bool,
    allow_removals: bool,
    no_gate: bool,
    wait: float,
    report_to: str | None,
    form: Form,
) -> int:
    """Bring the index up to date, doing only what is needed.

    Readers see the old index until the new one is complete. If there is none yet, words are indexed first, and
    searches use them while passages are encoded. A file that cannot be read is named, and what was indexed of it
    before is kept. The report is written even if nothing was published.

    Exit code 0: done; 3: done, but some files could not be read, or only in part, or the new index was refused and
    the old one is as it was; 4: another writer is running.
    """
    if form and report_to == STANDARD_OUTPUT:
        raise click.UsageError("--json and --report - both write to standard output; name a file for the report")
    from kb.reindex.reindex import Orders

    orders = Orders(full=full, allow_removals=allow_removals, gate=not no_gate)
    written = RunReport(report_to, session.find_root)
    with written.of_failure(session.warn):
        report = session.knowledge_base().reindex(orders, wait=wait)
    if form or report_to != STANDARD_OUTPUT:
        print_run(report, form)
    session.name_stages(report)
    session.name_problems(report)
    if report.refusal:
        session.warn(report.refusal)
    written.write(report)
    return Exit.PARTLY_FAILED if report.failed or report.refusal else Exit.DONE
