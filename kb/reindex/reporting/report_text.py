"""The report of a run as Markdown, for a mail, a chat or a file."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from ingest.files.reason import reason_of
from kb.errors import CannotWrite
from kb.pages.markdown_line import code, escaped
from kb.reindex.ledger import JobRun, Outcome
from kb.reindex.reporting.report import Report
from kb.system.durable import replace_text
from kb.trust.distrust import leads_through_link
from kb.wording import counted, lasted
from search.storage import remove_leftovers

_DEVICES = Path("/dev")
_WEEKLY = "The week on one page, with what to review, to write and to merge: `kb weekly`."
_VERDICTS = {
    Outcome.PUBLISHED: "a new index is published",
    Outcome.UNCHANGED: "nothing changed, the index was up to date",
    Outcome.REFUSED: "the new index was refused, the old one is as it was",
    Outcome.FAILED: "the run failed, nothing unfinished went live",
    Outcome.INTERRUPTED: "the run was interrupted, nothing unfinished went live",
    Outcome.NOT_RUN: "no run, another process is writing",
}


def markdown(run: JobRun, root: Path | None) -> str:
    """Return the report of a run that has ended; `root` is None if the knowledge base could not be found."""
    report = run.report
    parts = [_headline(run, root), _why(run), _facts(run, root)]
    if report:
        parts += [_counts(report), _problems(report), _regressions(report), _closed(report), _stages(report)]
    return "\n\n".join(filter(None, [*parts, _next_steps(run), _WEEKLY if root else ""])) + "\n"


def write_report(path: Path, text: str, root: Path | None = None) -> None:
    """Replace a file atomically, or append to a pipe or device; raises `CannotWrite`.

    The target of a link is written, but a link below `root` is refused: it may come from a cloned repository.
    """
    try:
        if root and leads_through_link(path, root):
            raise CannotWrite(f"{path}: a link in the knowledge base, which is not followed; the report is not written")
        target = path.resolve()  # so that a link is not replaced
        if _DEVICES in path.absolute().parents or (target.exists() and not target.is_file()):
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_APPEND), "w", encoding="utf-8") as file:
                file.write(text)
        else:
            remove_leftovers(target.parent)
            replace_text(target, text, shared=False)
    except (OSError, RuntimeError) as error:  # a cycle of links
        reason = reason_of(error) if isinstance(error, OSError) else str(error).lower()
        raise CannotWrite(f"{path}: {reason}; the report is not written, the run is on record") from error


def _headline(run: JobRun, root: Path | None) -> str:
    flaws = []
    if run.report and run.report.failed:
        flaws.append(f"{counted(run.report.failed, 'file')} could not be read, or only in part")
    if run.report and run.report.lost and run.outcome is Outcome.PUBLISHED:
        flaws.append(f"{counted(run.report.lost, 'answer')} no longer found")
    verdict = "; ".join([_VERDICTS[run.outcome], *flaws])
    return f"# {escaped(root.name) if root else 'kb reindex'}: {verdict}"


def _why(run: JobRun) -> str:
    return f"**Why:** {escaped(run.reason)}" if run.reason else ""


def _facts(run: JobRun, root: Path | None) -> str:
    writer, report = run.writer, run.report
    facts = [
        ("when", f"{datetime.fromisoformat(run.began).astimezone():%Y-%m-%d %H:%M:%S %z}{_duration(run)}"),
        ("by", escaped(f"{writer.user} on {writer.host}, process {writer.pid}")),
        ("knowledge base", code(str(root)) if root else ""),
        ("commit", code(report.commit or "") if report else ""),
        ("model", code(report.model or "") or "none: words only" if report and report.snapshot else ""),
        ("live snapshot", code(report.snapshot or "") if report else ""),
        ("words answered", f"after {lasted(report.words_after)}" if report and report.words_after else ""),
    ]
    return "\n".join(f"- **{name}:** {value}" for name, value in facts if value)


def _duration(run: JobRun) -> str:
    return "" if run.seconds is None else f", took {lasted(run.seconds)}"


def _counts(report: Report) -> str:
    names = ("lessons", "added", "changed", "removed", "unchanged", "failed", "passages", "encoded")
    values = [f"{getattr(report, name):,}" for name in names]
    return "\n".join(f"| {' | '.join(row)} |" for row in (names, ["--:"] * len(names), values))


def _problems(report: Report) -> str:
    lines = [
        f"- {code(problem.path)}{f', line {problem.line}' if problem.line else ''}: {escaped(problem.reason)}"
        for problem in report.problems
    ]
    return "\n".join([f"## Could not be read, or only in part ({len(lines):,})", "", *lines]) if lines else ""


def _regressions(report: Report) -> str:
    lines = []
    for lost in report.regressions:
        instead = f"; instead: {', '.join(map(code, lost.ahead))}" if lost.ahead else ""
        question = escaped(lost.question)
        lines.append(f"- lesson {code(lost.lesson)} is no longer found for “{question}” (was {lost.before}){instead}")
    return "\n".join([f"## No longer found ({len(lines):,})", "", *lines]) if lines else ""


def _closed(report: Report) -> str:
    """Return the gaps by number: a report may be mailed, and a question is its asker's own."""
    lines = [
        f"- gap {gap.number} of your last `kb gaps`: lesson {code(gap.lesson)} is found now"
        for gap in report.closed_gaps
    ]
    return "\n".join([f"## Gaps that are closed now ({len(lines):,})", "", *lines]) if lines else ""


def _stages(report: Report) -> str:
    shares = report.shares
    rows = [f"| {escaped(name)} | {seconds:.1f} | {shares[name]:.0%} |" for name, seconds in report.stages.items()]
    return "\n".join(["| stage | seconds | share |", "| --- | --: | --: |", *rows]) if rows else ""


def _next_steps(run: JobRun) -> str:
    steps = [f"- {step}" for step in _steps(run)]
    return "\n".join(["## What to do next", "", *(steps or ["Nothing."])])


def _steps(run: JobRun) -> Iterator[str]:
    report = run.report
    if run.outcome is Outcome.REFUSED and report and report.regressions:
        yield "If what is found instead is as good, publish with `kb reindex --no-gate`; otherwise improve the lessons."
    elif run.outcome is Outcome.REFUSED:
        yield "Do what **Why** says. Until a run succeeds, searches are answered from the old index."
    elif run.outcome is Outcome.FAILED:
        yield "Remove the cause and run `kb reindex` again; what was encoded is kept."
    elif run.outcome is Outcome.INTERRUPTED:
        yield "Run `kb reindex` again; what was encoded is kept."
    elif run.outcome is Outcome.NOT_RUN:
        yield "Nothing, if the other process does this work; `kb status` shows what it does."
    elif report and report.lost:
        yield "Search for the questions above: is what is found instead as good? If not, add to the lost lesson."
    if report and report.problems:
        yield "Correct the files above. Until then a search finds them by what could be read of them, now or earlier."
