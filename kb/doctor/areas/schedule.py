"""Whether something updates the index every night, and did so last night."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from kb.doctor.diagnosis import Area, Diagnosis, Level, parted
from kb.doctor.site import Site
from kb.errors import IndexUnusable
from kb.reindex.ledger import Ledger, Outcome
from kb.wording import age_of

FRESH = timedelta(hours=26)
"""The maximal age of the last good run: a day, and two hours for a machine that slept."""

_ok = partial(Diagnosis, Area.SCHEDULE, Level.OK)
_warning = partial(Diagnosis, Area.SCHEDULE, Level.WARNING)
_error = partial(Diagnosis, Area.SCHEDULE, Level.ERROR)


def scheduled(site: Site) -> Iterator[Diagnosis]:
    """Look for schedules that run `kb reindex` here."""
    if site.root is None:
        return
    from kb.schedule.kinds import schedules_of

    found = schedules_of(site.root)
    for schedule in found:
        if schedule.runs:
            yield _ok(f"{schedule.kind}: {schedule.where}")
        else:
            yield _warning(f"{schedule.kind}: {schedule.where} is there, and is not enabled", _enabling(schedule.kind))
    if not found:
        yield _warning("nothing on this machine runs kb reindex every night", _installing(site.root))


def _installing(root: Path) -> str:
    """Return the command that installs a schedule here, else the one that lists the schedulers."""
    from kb.schedule.kinds import fitting_kinds

    fitting = fitting_kinds(root)
    if "systemd" in fitting:
        return "kb schedule systemd --install"
    return "(crontab -l; kb -q schedule cron) | crontab -" if "cron" in fitting else "kb schedule"


def _enabling(kind: str) -> str:
    return f"kb schedule {kind} --install"


def last_runs(site: Site) -> Iterator[Diagnosis]:
    """Read from the ledger how the last run ended, and when the last good one did."""
    if site.store is None or site.store.misplaced():
        return
    try:
        runs = [run for run in Ledger(site.store.ledger).runs() if run.outcome.is_of_the_job]
    except IndexUnusable as error:
        yield _warning(*parted(error, f"rm '{site.store.ledger}'"))
        return
    good = [run for run in runs if run.outcome.is_good]
    if runs and runs[-1].outcome is not Outcome.RUNNING and not runs[-1].outcome.is_good:
        why = f": {runs[-1].reason}" if runs[-1].reason else ""
        yield _error(f"the last run ({runs[-1].began}) was {runs[-1].outcome}{why}", "kb reindex")
    if not good:
        yield _warning("no run that ended well is on record", "kb reindex")
    elif datetime.now(UTC) - datetime.fromisoformat(good[-1].ended or good[-1].began) > FRESH:
        yield _warning(f"no run has ended well for {age_of(good[-1].ended or good[-1].began)}", "kb reindex")
    else:
        yield _ok(f"the last run ended well {age_of(good[-1].ended or good[-1].began)} ago")


CHECKS = (scheduled, last_runs)
