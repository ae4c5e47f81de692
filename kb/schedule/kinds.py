"""The schedulers that can run the nightly job, one entry each."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from kb.schedule import cron, github, gitlab, hook, systemd
from kb.schedule.found import SECONDS, Found, cron_lines, hooks, timers, workflows
from kb.schedule.job import Job, label_of
from kb.schedule.placing import Placement, install_hook, install_units, uninstall_hook, uninstall_units
from kb.system.git import Repository, remotes_of, repository_of

_BOOTED_WITH_SYSTEMD = Path("/run/systemd/system")


@dataclass(frozen=True, slots=True)
class Kind:
    """One scheduler."""

    purpose: str
    text: Callable[[Job], str]
    place: Callable[[Job], str]
    """Returns a sentence that says where the text belongs."""
    fits: Callable[[Path], bool]
    """Returns whether it can work for the knowledge base at a root, judged from this machine only."""
    found: Callable[[Path, Repository | None], Iterable[Found]]
    """Returns its schedules of the knowledge base at a root, which may be in a repository."""
    install: Callable[[Job], Placement] | None = None
    """Installs the schedule; None if only a person can do that."""
    uninstall: Callable[[Job], Placement] | None = None
    sends_digests: bool = False
    """Whether it runs where the record of what was sent stays."""


KINDS: Mapping[str, Kind] = {
    "systemd": Kind(
        "a timer of your own: works in a sandbox, and runs after waking if the machine was off or asleep",
        systemd.text,
        lambda job: "`kb schedule systemd --install` puts both where systemd looks for them",
        lambda root: _BOOTED_WITH_SYSTEMD.is_dir(),
        timers,
        install_units,
        uninstall_units,
        sends_digests=True,
    ),
    "cron": Kind(
        "a line of a crontab: for a machine without systemd that runs day and night",
        cron.text,
        lambda job: "add it with `(crontab -l; kb -q schedule cron) | crontab -`",
        lambda root: shutil.which("crontab") is not None,
        cron_lines,
        sends_digests=True,
    ),
    "github": Kind(
        "a workflow: where lessons come through pull requests, and you have no server of your own",
        github.text,
        lambda job: f"save it as .github/workflows/{label_of(job.root)}.yml on the default branch",
        lambda root: "github" in remotes_of(root),
        partial(workflows, "github", ".github/workflows/*.y*ml"),
    ),
    "gitlab": Kind(
        "a job and how to make its schedule: the same on GitLab",
        gitlab.text,
        lambda job: "add it to .gitlab-ci.yml on the default branch, then make the schedule as it says",
        lambda root: "gitlab" in remotes_of(root),
        partial(workflows, "gitlab", ".gitlab-ci.yml"),
    ),
    "hook": Kind(
        "post-merge: the index follows each `git pull`, in addition to one of the others",
        hook.text,
        lambda job: "`kb schedule hook --install` puts it where git looks for it; no rebasing pull calls it",
        lambda root: repository_of(root) is not None,
        hooks,
        install_hook,
        uninstall_hook,
    ),
}


def fitting_kinds(root: Path) -> frozenset[str]:
    """Return the names of the schedulers that can work for a knowledge base."""
    return frozenset(name for name, kind in KINDS.items() if kind.fits(root))


def schedules_of(root: Path) -> list[Found]:
    """Return the schedules of a knowledge base; a tool that is missing or does not answer counts as having none."""
    root = root.resolve()
    repository = repository_of(root, SECONDS)
    return [found for kind in KINDS.values() for found in kind.found(root, repository)]
