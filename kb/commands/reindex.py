"""`kb reindex`."""

from __future__ import annotations

import json

import click

from kb.errors import Exit
from kb.session import Session


@click.command(
    epilog="""\b
Examples:
  kb reindex                    bring the index up to date
  kb -q reindex --json          the same for a nightly job's log
  kb reindex --full             read, split and index every lesson again
""",
)
@click.option("--full", is_flag=True, help="Read every lesson again. Vectors of texts that are known are reused.")
@click.option("--allow-removals", is_flag=True, help="Believe that lessons are gone, however many.")
@click.option("--no-gate", is_flag=True, help="Publish without proof that lessons are still found. For emergencies.")
@click.option("--wait", metavar="SECONDS", type=click.FloatRange(0), default=0.0, help="Wait for another writer.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as one JSON object.")
@click.pass_obj
def reindex(session: Session, full: bool, allow_removals: bool, no_gate: bool, wait: float, as_json: bool) -> int:
    """Bring the index up to date, doing only what is needed.

    Readers see the old index until the new one is complete. A file that cannot be read is named and
    keeps what was indexed of it.

    Exit code 0: done; 3: done, but some files could not be read, or not wholly.
    """
    from kb.job.reindex import Orders

    orders = Orders(full=full, allow_removals=allow_removals, gate=not no_gate)
    report = session.knowledge_base().reindex(orders, wait=wait)
    if as_json:
        click.echo(json.dumps(report.as_json(), ensure_ascii=False))
    else:
        from kb.terminal import print_report

        print_report(report)
    session.name_problems(report)
    return Exit.PARTLY_FAILED if report.failed or report.refusal else Exit.DONE
