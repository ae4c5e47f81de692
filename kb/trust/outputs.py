"""Whether a file that a user names for a result may be written."""

from __future__ import annotations

from pathlib import Path, PurePath

from ingest.files.corpus import is_markdown
from kb.config import FILE_NAME, GAPS_FILE, PEOPLE_FILE, Config
from kb.errors import NoResult
from kb.trust.distrust import refuse_link

_OWN = tuple(map(PurePath, (FILE_NAME, PEOPLE_FILE, GAPS_FILE)))


def refuse_output(path: Path, config: Config) -> None:
    """Raise `NoResult` for a lesson, or what would be one, and for other files of the knowledge base itself.

    Raises `NoSuchFile` for a path through a link below the root.
    """
    refuse_link(path, config.root)
    place, root = path.resolve(), config.root.resolve()
    if not place.is_relative_to(root):
        return
    below = place.relative_to(root)
    if below.parts[:1] in ((".kb",), (".git",)) or below in _OWN:
        raise NoResult(f"{path}: a file of the knowledge base itself; name another")
    if is_markdown(path.name) and any(below.is_relative_to(folder) for folder in config.paths):
        raise NoResult(f"{path}: would be a lesson there; name a file outside of {', '.join(config.paths)}")
