"""The folders in which the program stores data for its user: caches and state."""

from __future__ import annotations

from pathlib import Path

from platformdirs import user_cache_path, user_state_path

APPLICATION = "kb-lessons"
"""The name of the distribution, and of the user's folders."""


def encoders_folder() -> Path:
    """Return the folder of prepared models."""
    return user_cache_path(APPLICATION) / "encoders"


def verified_folder() -> Path:
    """Return the folder of the records of verified snapshots."""
    return user_cache_path(APPLICATION) / "verified"


def questions_file() -> Path:
    """Return the cache file for vectors of the foreign questions used to calibrate every knowledge base."""
    return user_cache_path(APPLICATION) / "questions.sqlite"


def collections_folder() -> Path:
    """Return the folder of the knowledge bases made from test collections."""
    return user_cache_path(APPLICATION) / "collections"


def past_folder() -> Path:
    """Return the folder of the lessons as they stood at earlier times, with their indexes."""
    return user_cache_path(APPLICATION) / "past"


def fonts_folder() -> Path:
    """Return the folder in which matplotlib keeps its list of fonts."""
    return user_cache_path(APPLICATION) / "matplotlib"


def state_folder() -> Path:
    """Return the folder of the user's state, such as the hits of the last search."""
    return user_state_path(APPLICATION)


def misplaced_in_cache() -> list[Path]:
    """Return the paths above that are a file but should be a folder, or the reverse."""
    encoders = encoders_folder()
    folders = (
        encoders,
        encoders / "names",
        encoders / "verified",
        verified_folder(),
        collections_folder(),
        past_folder(),
    )
    wrong = [path for path in (*folders, state_folder()) if path.exists() and not path.is_dir()]
    return [*wrong, *([questions_file()] if questions_file().is_dir() else [])]
