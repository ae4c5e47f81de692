"""Prints the result of a job run: one line or JSON; the Markdown report for mail or chat also covers failed runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from kb.errors import CannotWrite, KbError
from kb.output.form import JSON, Form, print_json, print_text

if TYPE_CHECKING:
    from kb.reindex.reporting.report import Report

STANDARD_OUTPUT = "-"


@dataclass(frozen=True, slots=True)
class RunReport:
    """The Markdown report of one run; the run's start time is when this object is made."""

    place: str | None
    """A file, `-` for standard output, or None if no report is wanted."""
    find_root: Callable[[], Path]
    """Finds the knowledge base, whose name is in the report's title; raises `KbError`."""
    began: datetime = field(default_factory=lambda: datetime.now(UTC))

    @contextmanager
    def of_failure(self, warn: Callable[[str], None]) -> Iterator[None]:
        """Write the report also if the run ends in an error; `warn` if writing fails too."""
        try:
            yield
        except BaseException as error:
            try:
                self.write(error)
            except CannotWrite as unwritten:  # a failed report must not hide the run's own error
                warn(str(unwritten))
            raise

    def write(self, result: Report | BaseException) -> None:
        """Write the report, if one is wanted; raises `CannotWrite`."""
        if self.place is None:
            return
        from kb.reindex.job import account
        from kb.reindex.reporting.report_text import markdown, write_report

        root = None
        with suppress(KbError):
            root = self.find_root()
        text = markdown(account(self.began, result), root)
        if self.place == STANDARD_OUTPUT:
            print_text(text, end="")
        else:
            write_report(Path(self.place), text, root)


def print_run(report: Report, form: Form) -> None:
    if form == JSON:
        print_json(report)
    else:
        print_text(report.line)
