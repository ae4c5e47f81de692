"""The model hub: its local cache, and one short request whether it has a model."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import search.quiet  # noqa: F401 - before the hub's library
from search.errors import ModelError

# The timeout of the request. The library that loads a model requests each of its files several times and waits in
# between: more than a minute for a name that does not exist, or without a network.
_SECONDS = 5.0


def kept_revision(name: str) -> str:
    """Return the revision of a model in the hub's local cache; empty if it is not there."""
    return next((revision for _, revision in _kept(name)), "")


def kept_folder(name: str) -> Path | None:
    """Return the folder of a model in the hub's local cache, None if it is not there."""
    folders = (repository / "snapshots" / revision for repository, revision in _kept(name))
    return next(filter(Path.is_dir, folders), None)


def require(name: str) -> None:
    """Raise `ModelError` unless the hub confirms within `_SECONDS` that it has a model."""
    from huggingface_hub import HfApi
    from huggingface_hub.errors import RepositoryNotFoundError

    for candidate in _candidates(name):
        try:
            HfApi().model_info(candidate, timeout=_SECONDS)
        except RepositoryNotFoundError:
            continue
        except Exception as error:  # whatever a network, a proxy or the hub's own library can raise
            why = str(error).splitlines()[0] if str(error) else type(error).__name__
            raise ModelError(
                f"the model {name!r} is not on this machine, and Hugging Face cannot be asked for it ({why}); "
                "connect to the network, or name another in kb.toml"
            ) from error
        return
    raise ModelError(
        f"there is no model {name!r}, neither on this machine nor at Hugging Face; name another in kb.toml"
    )


def _candidates(name: str) -> list[str]:
    return [name] if "/" in name else [name, f"sentence-transformers/{name}"]


def _kept(name: str) -> Iterator[tuple[Path, str]]:
    from huggingface_hub.constants import HF_HUB_CACHE

    for candidate in _candidates(name):
        repository = Path(HF_HUB_CACHE) / f"models--{candidate.replace('/', '--')}"
        if (reference := repository / "refs" / "main").is_file():
            yield repository, reference.read_text("utf-8").strip()
