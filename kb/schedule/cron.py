"""A line of a crontab."""

from __future__ import annotations

from kb.schedule.job import Job

_TEXT = """\
# %(name)s, made by `kb schedule cron`. What is printed, nothing on a good night, goes to the MAILTO above.
# A machine that is asleep at this time does not catch up. No flock: the index has its own lock.
%(mail)s%(line)s
"""


_MAIL = """\
# The digests need who sends them, above this line: KB_MAIL_FROM=..., and KB_SMTP_HOST=... without a sendmail.
"""


def text(job: Job) -> str:
    """Return the line, with explaining comments above it."""
    return _TEXT % {"name": job.name, "line": line(job), "mail": _MAIL if job.digest_arguments else ""}


def line(job: Job) -> str:
    """Return the crontab line: minute, hour, three asterisks, and a shell command."""
    settings = [f"{name}={word(value)}" for name, value in job.environment.items()]
    command = " ".join([*settings, *map(word, job.arguments)])
    digest = " ".join([*settings, *map(word, job.digest_arguments)]) if job.digest_arguments else ""
    # Sent even after a bad night: one lesson that cannot be read must not keep all others from their readers.
    then = f"; {digest}" if digest else ""
    # The subject of the mail contains the command and thus the root, so the message need not name it.
    return (
        f"{job.at.minute} {job.at.hour} * * * {command} >/dev/null || echo kb reindex: exit code $?, see .kb/report.md"
        f"{then}"
    )


def word(value: str) -> str:
    """Return a word quoted for both cron and the shell.

    cron ends a command at an unescaped %. Some versions of cron remove a backslash before % or before another
    backslash, others do not. So a percent sign stands outside the quotes, where the shell removes a
    backslash that cron has left, and each backslash is followed by a quote.
    """
    spelt = {"'": "'\"'\"'", "%": "'\\%'", "\\": "\\''"}
    return "'" + "".join(spelt.get(character, character) for character in value) + "'"
