"""Which schedulers fit this machine."""

from __future__ import annotations

import shutil
from pathlib import Path

from kb.system.git import remotes_of, repository_of

_BOOTED_WITH_SYSTEMD = Path("/run/systemd/system")


def fitting_kinds(root: Path) -> set[str]:
    """Return the names of the schedulers that can work for a knowledge base, judged from this machine only."""
    remotes = remotes_of(root)
    seen = {
        "systemd": _BOOTED_WITH_SYSTEMD.is_dir(),
        "cron": shutil.which("crontab") is not None,
        "github": "github" in remotes,
        "gitlab": "gitlab" in remotes,
        "hook": repository_of(root) is not None,
    }
    return {kind for kind, fits in seen.items() if fits}
