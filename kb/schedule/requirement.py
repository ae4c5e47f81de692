"""The requirement by which another machine installs this version of the program."""

from __future__ import annotations

import json

from kb.system.user_cache import APPLICATION

TO_BE_SET = f"{APPLICATION} @ git+https://git.example.org/kb.git@TAG"
"""A placeholder address: the name alone would install whatever somebody has published under it."""


def requirement() -> str:
    """Return a pip requirement for the commit from which this program was installed, else `TO_BE_SET`."""
    from importlib.metadata import PackageNotFoundError, distribution  # slow, and seldom needed

    try:
        origin = json.loads(distribution(APPLICATION).read_text("direct_url.json") or "{}")
    except PackageNotFoundError:
        origin = {}
    if version_control := origin.get("vcs_info"):
        return f"{APPLICATION} @ {version_control['vcs']}+{origin['url']}@{version_control['commit_id']}"
    return TO_BE_SET
