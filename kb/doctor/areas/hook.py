"""Whether commit messages in the repository of the working directory get lessons."""

from __future__ import annotations

from collections.abc import Iterator

from kb.doctor.diagnosis import Area, Diagnosis, Level
from kb.doctor.site import Site
from kb.system.here import working_directory

_SECONDS = 0.3
"""How long git may take to answer."""


def message_hook(site: Site) -> Iterator[Diagnosis]:
    """Name the hook that `kb hook install` has installed, if there is one."""
    from kb.hooks.git.message_hook import installed_hook

    if found := installed_hook(working_directory(), _SECONDS):
        path, runs = found
        if runs:
            yield Diagnosis(Area.CONFIGURATION, Level.OK, f"lessons in commit messages: {path}")
        else:
            what = f"{path} is there, and is not executable"
            yield Diagnosis(Area.CONFIGURATION, Level.WARNING, what, f"chmod +x '{path}'")


CHECKS = (message_hook,)
