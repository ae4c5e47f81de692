"""Whether a server of this user answers for the knowledge base as it should."""

from __future__ import annotations

from collections.abc import Iterator

from kb.doctor.diagnosis import Area, Diagnosis, Level
from kb.doctor.site import Site

_RESTART = "end it, then kb serve"
_CORRECT = "correct what it names"


def server(site: Site) -> Iterator[Diagnosis]:
    """Name each server that runs: whether it answers, is of this version, and follows the index."""
    from kb.served.running import running_servers

    for found in running_servers(site.root) if site.root else ():
        what = f"a server runs: {found.in_words}"
        if found.is_used and not found.trouble:
            yield Diagnosis(Area.CONFIGURATION, Level.OK, what)
        else:
            yield Diagnosis(Area.CONFIGURATION, Level.WARNING, what, _CORRECT if found.trouble else _RESTART)


CHECKS = (server,)
