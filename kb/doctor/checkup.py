"""The check-up: every area is checked, whatever its state."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from kb.doctor import leftovers, vector_cache
from kb.doctor.areas import configuration, hook, index, installation, lessons, schedule, server
from kb.doctor.diagnosis import Area, Diagnosis, Level
from kb.doctor.site import Site
from search.storage import is_lack_of_memory

Check = Callable[[Site], Iterator[Diagnosis]]

CHECKS: dict[Area, tuple[Check, ...]] = {
    Area.INSTALLATION: installation.CHECKS,
    Area.CONFIGURATION: (*configuration.CHECKS, *hook.CHECKS, *server.CHECKS, *leftovers.CHECKS),
    Area.LESSONS: lessons.CHECKS,
    Area.INDEX: index.CHECKS,
    Area.VECTOR_CACHE: vector_cache.CHECKS,
    Area.SCHEDULE: schedule.CHECKS,
}


def check_up(site: Site) -> list[Diagnosis]:
    """Return all diagnoses, in the order of the areas."""
    return [found for area, checks in CHECKS.items() for check in checks for found in _made(area, check, site)]


def _made(area: Area, check: Check, site: Site) -> Iterator[Diagnosis]:
    try:
        yield from check(site)
    except Exception as error:  # a broken site may raise anything; the other checks still run
        if is_lack_of_memory(error):
            raise
        name = check.__name__.replace("_", " ")
        what = f"{name} cannot be checked: {type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"
        yield Diagnosis(area, Level.ERROR, what, "correct what it names, then kb doctor again")
