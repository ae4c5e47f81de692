"""A service and a timer for the systemd of one user."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from kb.errors import ConfigError
from kb.schedule.job import CACHE_FOLDERS, Job

_SERVICE = """\
# Made by `kb schedule systemd`, which makes it again.

[Unit]
Description=kb: the nightly index of %(title)s (kb reindex)
# To be notified of a failed run, name your own unit that sends a message; %%n becomes the name of this one.
#OnFailure=tell-me@%%n.service

[Service]
Type=oneshot
# The colon: $VARIABLES in the command are not replaced.
ExecStart=:%(command)s
%(digest)s%(environment)s\
# A first index may take hours. What was encoded until then is kept, and the next run continues from there.
TimeoutStartSec=6h

# Other programs have priority.
Nice=10
IOSchedulingClass=idle
# When memory runs out, this stops the job instead of something else; the index stays as it was.
#MemoryMax=4G

NoNewPrivileges=true
# Everything is read-only except what is named below. A user's systemd can do this from version 253 on (before, it needs
# PrivateUsers=true as well) and skips it where the kernel does not allow it, so that the job runs everywhere.
ProtectSystem=strict
%(temporary)s
# The root, and not only .kb in it, because .kb may be deleted at any time and has to be made again ...
ReadWritePaths=%(writable)s
# ... but never what people write.
ReadOnlyPaths=%(readable)s
# Prepared models, in a folder of ~/.cache (%%C) that is made if it is missing; the hub's may be shared.
CacheDirectory=kb-lessons
ReadWritePaths=-%%C/huggingface
"""

_DIGEST = """\
# Sent after a bad night too: one lesson that cannot be read must not keep all others from their readers.
ExecStopPost=:%(command)s
# Says who sends the mails, and how: KB_MAIL_FROM=..., KB_SMTP_HOST=...; for you alone (mode 600). A sendmail that needs
# rights of its own cannot run here.
EnvironmentFile=-%%h/.config/kb-lessons/mail.env
"""

_TIMER = """\
# Made by `kb schedule systemd`, which makes it again.

[Unit]
Description=kb: every night, the index of %(title)s (kb reindex)

[Timer]
OnCalendar=*-*-* %(at)s:00
# A machine that was off or asleep catches up.
Persistent=true
# So that not all jobs of a machine start at once; the same delay every night.
RandomizedDelaySec=10min
FixedRandomDelay=true

[Install]
WantedBy=timers.target
"""


@dataclass(frozen=True, slots=True)
class Unit:
    """A systemd unit file."""

    name: str
    text: str


def timer_of(job: Job) -> str:
    """Return the name of the unit that starts the job."""
    return f"{job.name}.timer"


def units_of(job: Job) -> tuple[Unit, Unit]:
    """Return service and timer; raises `ConfigError` if systemd cannot start the program."""
    if set("\"'\\") & set(job.program[0]):
        raise ConfigError(f"{job.program[0]}: systemd starts no path with quotes or backslashes; install kb elsewhere")
    title = _without_specifiers(str(job.root))
    folders = [job.environment[name] for name in CACHE_FOLDERS if name in job.environment]
    folders += [str(job.state)] if job.state else []
    people_write = [job.root / name for name in (".git", "kb.toml", *job.corpus)]
    service = _SERVICE % {
        "title": title,
        "command": " ".join(map(_word, job.arguments)),
        "digest": _DIGEST % {"command": " ".join(map(_word, job.digest_arguments))} if job.state else "",
        "environment": "".join(f"Environment={_word(f'{name}={value}')}\n" for name, value in job.environment.items()),
        "temporary": _temporary(job),
        "writable": _paths([job.root, *folders]),
        "readable": _paths(path for path in people_write if path != job.root),
    }
    timer = _TIMER % {"title": title, "at": f"{job.at:%H:%M}"}
    return Unit(f"{job.name}.service", service), Unit(timer_of(job), timer)


def text(job: Job) -> str:
    """Return both units, each below its name, in the format of `systemctl cat`."""
    return "\n".join(f"# {unit.name}\n{unit.text}" for unit in units_of(job))


def _temporary(job: Job) -> str:
    """Return the setting for /tmp; a private /tmp would hide a knowledge base that is stored there."""
    used = (job.root, Path(job.program[0]), *(Path(job.environment.get(name, "/")) for name in CACHE_FOLDERS))
    shared = ("/tmp", "/var/tmp")  # noqa: S108 - nothing is written there
    hidden = any(path.is_relative_to(folder) for path in used for folder in shared)
    return "ReadWritePaths=/tmp /var/tmp" if hidden else "PrivateTmp=true"


def _without_specifiers(value: str) -> str:
    return value.replace("%", "%%")


def _word(value: str) -> str:
    """Return a word quoted for a command line or an assignment."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{_without_specifiers(escaped)}"'


def _paths(paths: Iterable[Path | str]) -> str:
    """Return a list of optional paths. Here, unlike in commands, systemd does not treat a backslash as an escape."""
    quoted = (_without_specifiers(str(path)).replace('"', '"\'"\'"') for path in paths)
    return " ".join(f'-"{path}"' for path in quoted)
