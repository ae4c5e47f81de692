"""The options of `kb digest`."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import click

from kb.options.common import form_options, group, out_option
from kb.output.form import Form

digest_options = group(
    click.option("--since", metavar="WHEN|COMMIT", help="Since then. Default: since the last digest, else a week."),
    click.option("--for", "reader", metavar="NAME", help="What concerns one subscription of kb.toml."),
    click.option("--all", "every", is_flag=True, help="The same for each subscription."),
    click.option("--mail", is_flag=True, help="Show the mails that the subscriptions would get; nothing is sent."),
    click.option("--send", is_flag=True, help="Send them."),
    click.option("--mark", is_flag=True, help="Remember that this was read: the next digest begins here."),
    form_options(
        json="Print one JSON object, or with --all a list.",
        html="Print a page for a browser.",
        atom="Print a feed for a feed reader.",
    ),
    out_option,
)


class DigestOptions(NamedTuple):
    """The options given to `kb digest`."""

    since: str | None
    reader: str | None
    every: bool
    mail: bool
    send: bool
    mark: bool
    form: Form
    out: Path | None

    @classmethod
    def of(cls, given: dict[str, Any]) -> DigestOptions:
        """Make the options from click's parameters, and validate them; raises `click.UsageError`."""
        options = cls(**given)
        if options.reader is not None and options.every:
            raise click.UsageError("--for is one subscription, --all are all of them; leave one out.")
        if options.is_mail and (options.form or options.out or options.mark):
            raise click.UsageError("a mail is text and HTML, and is remembered when it is sent; leave the others out.")
        if options.every and options.form in ("html", "atom"):
            raise click.UsageError(f"--{options.form} is one page; name one subscription with --for.")
        return options

    @property
    def is_mail(self) -> bool:
        return self.mail or self.send

    @property
    def is_for_readers(self) -> bool:
        return self.every or self.reader is not None or self.is_mail
