"""Which schedulers fit this machine."""

from __future__ import annotations

import shutil
from pathlib import Path

from kb.program import answer_of
from kb.repository import repository_of

_BOOTED_WITH_SYSTEMD = Path("/run/systemd/system")


def fitting_kinds(root: Path) -> set[str]:
    """Return the kinds that can work for a knowledge base, as far as can be seen from here."""
    remotes = answer_of("git", "-C", str(root), "remote", "-v", seconds=1) or ""
    seen = {
        "systemd": _BOOTED_WITH_SYSTEMD.is_dir(),
        "cron": shutil.which("crontab") is not None,
        "github": "github" in remotes,
        "gitlab": "gitlab" in remotes,
        "hook": repository_of(root) is not None,
    }
    return {kind for kind, fits in seen.items() if fits}
