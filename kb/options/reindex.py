"""The options of `kb reindex`."""

from __future__ import annotations

import click

from kb.options.common import form_options, group, wait_option

run_options = group(
    click.option("--full", is_flag=True, help="Read every lesson again. Vectors of texts that are known are reused."),
    click.option("--allow-removals", is_flag=True, help="Accept that lessons are gone, however many."),
    click.option(
        "--no-gate", is_flag=True, help="Publish without testing that lessons are still found. For emergencies."
    ),
    wait_option,
    click.option(
        "--report", "report_to", metavar="FILE|-", help="Write what happened in Markdown, for a mail or a chat."
    ),
    form_options(json="Print the report as one JSON object."),
)
