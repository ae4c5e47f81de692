"""Prints what a check found and what was fixed, in the requested form."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from kb.errors import Exit
from kb.output.form import JSON, print_json, print_text
from kb.wording import counted

if TYPE_CHECKING:
    from kb.check.fixing import Fixes
    from kb.check.run import Checked

TEXT = "text"
FORMS = (TEXT, JSON, "github", "sarif", "gitlab")


def print_checked(checked: Checked, form: str, *, every: bool, quiet: bool, warn: Callable[[str], None]) -> None:
    """Print the result, and `warn` of files that could not be read, even in quiet mode, because that is an error."""
    if form == TEXT:
        from kb.check.summary import summarised, tally
        from kb.terminal.findings import draw_findings

        draw_findings(summarised(checked.findings, every=every), "" if quiet else tally(checked))
    elif form == JSON:
        print_json(checked)
    else:
        print_text(_written(checked, form, every=every))
    for problem in checked.failed:
        warn(str(problem))


def _written(checked: Checked, form: str, *, every: bool) -> str:
    """Return the findings in the format of another program: GitHub, SARIF or GitLab."""
    from kb.check.formats import github, gitlab, sarif

    if form == "github":
        return github.render(checked, every=every)
    return sarif.render(checked) if form == "sarif" else gitlab.render(checked)


def print_explained(name: str) -> Exit:
    """Print the explanation of a code, or of all codes of a group; raises `UnknownCode`."""
    from kb.check.explaining import explained

    print_text(explained(name))
    return Exit.DONE


def print_fixes(fixes: Fixes, *, notify: Callable[[str], None], warn: Callable[[str], None]) -> None:
    """Print the diffs, `notify` how many findings were fixed, and `warn` of files that could not be written."""
    for file in fixes.files:
        for row in file.diff:
            print_text(row)
    if fixes.files:
        found = sum(len(file.findings) for file in fixes.files)
        notify(f"fixed {counted(found, 'finding')} in {counted(len(fixes.files), 'file')}")
    for problem in fixes.failed:
        warn(str(problem))
