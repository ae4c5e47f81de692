"""The schedulers that can run the nightly job."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from kb.schedule import cron, github, gitlab, hook, systemd
from kb.schedule.job import Job, label_of
from kb.schedule.placing import Placement, install_hook, install_units, uninstall_hook, uninstall_units


@dataclass(frozen=True, slots=True)
class Kind:
    """One scheduler."""

    purpose: str
    text: Callable[[Job], str]
    place: Callable[[Job], str]
    """Returns a sentence that says where the text belongs."""
    install: Callable[[Job], Placement] | None = None
    """Installs the schedule; None if only a person can do that."""
    uninstall: Callable[[Job], Placement] | None = None


KINDS: Mapping[str, Kind] = {
    "systemd": Kind(
        "a timer of your own: works in a sandbox, and runs after waking if the machine was off or asleep",
        systemd.text,
        lambda job: "`kb schedule systemd --install` puts both where systemd looks for them",
        install_units,
        uninstall_units,
    ),
    "cron": Kind(
        "a line of a crontab: for a machine without systemd that runs day and night",
        cron.text,
        lambda job: "add it with `(crontab -l; kb -q schedule cron) | crontab -`",
    ),
    "github": Kind(
        "a workflow: where lessons come through pull requests, and you have no server of your own",
        github.text,
        lambda job: f"save it as .github/workflows/{label_of(job.root)}.yml on the default branch",
    ),
    "gitlab": Kind(
        "a job and how to make its schedule: the same on GitLab",
        gitlab.text,
        lambda job: "add it to .gitlab-ci.yml on the default branch, then make the schedule as it says",
    ),
    "hook": Kind(
        "post-merge: the index follows each `git pull`, in addition to one of the others",
        hook.text,
        lambda job: "`kb schedule hook --install` puts it where git looks for it; no rebasing pull calls it",
        install_hook,
        uninstall_hook,
    ),
}
