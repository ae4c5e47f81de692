"""The folders in which the program keeps something for its user: prepared models, and what was used last."""

from __future__ import annotations

from pathlib import Path

from platformdirs import user_cache_path, user_state_path

APPLICATION = "kb-lessons"
"""The distribution's name, and that of the user's folders."""


def encoders_folder() -> Path:
    """Return where prepared models are."""
    return user_cache_path(APPLICATION) / "encoders"


def verified_folder() -> Path:
    """Return where it is remembered which snapshots were found sound."""
    return user_cache_path(APPLICATION) / "verified"


def questions_file() -> Path:
    """Return where the vectors are of the questions that every knowledge base is asked."""
    return user_cache_path(APPLICATION) / "questions.sqlite"


def collections_folder() -> Path:
    """Return where the knowledge bases of test collections are."""
    return user_cache_path(APPLICATION) / "collections"


def state_folder() -> Path:
    """Return where it stands what the user looked at last."""
    return user_state_path(APPLICATION)


def misplaced_in_cache() -> list[Path]:
    """Return files where the folders above should be, and folders where files should be."""
    encoders = encoders_folder()
    folders = (encoders, encoders / "names", encoders / "verified", verified_folder(), collections_folder())
    wrong = [path for path in (*folders, state_folder()) if path.exists() and not path.is_dir()]
    return [*wrong, *([questions_file()] if questions_file().is_dir() else [])]
