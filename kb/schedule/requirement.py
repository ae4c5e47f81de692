"""What has to be installed elsewhere to have this program there."""

from __future__ import annotations

import json
from importlib.metadata import PackageNotFoundError, distribution

from kb import __version__
from kb.user_cache import APPLICATION


def requirement() -> str:
    """Return the commit this installation was made of, or else its version, as a requirement that pip knows."""
    try:
        origin = json.loads(distribution(APPLICATION).read_text("direct_url.json") or "{}")
    except PackageNotFoundError:
        origin = {}
    if version_control := origin.get("vcs_info"):
        return f"{APPLICATION} @ {version_control['vcs']}+{origin['url']}@{version_control['commit_id']}"
    return f"{APPLICATION}=={__version__}"
