"""A line of a crontab."""

from __future__ import annotations

from kb.schedule.job import Job

_TEXT = """\
# %(name)s, made by `kb schedule cron`. What is printed, nothing on a good night, goes to the MAILTO above.
# A machine that is asleep at this time does not catch up. No flock: the index has a lock of its own.
%(line)s
"""


def text(job: Job) -> str:
    """Return the line, with what to know of it above."""
    return _TEXT % {"name": job.name, "line": line(job)}


def line(job: Job) -> str:
    """Return minute and hour, three stars, and a command for the shell."""
    settings = [f"{name}={word(value)}" for name, value in job.environment.items()]
    command = " ".join([*settings, *map(word, job.arguments)])
    # What is mailed has the command in its subject, so it need not say of which root the report is.
    return (
        f"{job.at.minute} {job.at.hour} * * * {command} >/dev/null || echo kb reindex: exit code $?, see .kb/report.md"
    )


def word(value: str) -> str:
    """Return a word as both cron and the shell understand it.

    cron ends a command at a bare %. Some crons take a backslash before % or another backslash away, some do not: so a
    percent sign stands outside the quotes, where the shell takes away what cron left, and after each backslash comes
    a quote.
    """
    spelt = {"'": "'\"'\"'", "%": "'\\%'", "\\": "\\''"}
    return "'" + "".join(spelt.get(character, character) for character in value) + "'"
