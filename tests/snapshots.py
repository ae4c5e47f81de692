"""Snapshots to try things on: two lessons, a store without lessons, and ways to damage what is there."""

from __future__ import annotations

import json
from pathlib import Path

from kb.index.manifest import FORMAT, Manifest, describe_files
from kb.index.snapshot import Snapshot
from kb.index.store import SnapshotStore
from search.models.encoder_card import EncoderCard
from tests.conftest import Run

POSITIONS = Path("postings", "positions.npy")
"""Of a snapshot: a file in which no reader sees that a byte has changed."""
LESSONS: dict[str, str | bytes] = {
    "labels.md": "# Labels\n\nParcels come back with the wrong address.\n",
    "plans.md": "# Plans\n\nForty teams plan in forty languages.\n",
}
BUILT = "2026-01-02T03:04:05+00:00"
CARD = EncoderCard(
    model="model",
    stamp="stamp",
    fingerprint="fingerprint",
    dimension=3,
    max_tokens=256,
    query_prompt="",
    passage_prompt="",
    normalizes=True,
    special_tokens=True,
    inputs=("input_ids",),
)


def manifest(id_: str, files: dict[str, tuple[int, str]], encoder: EncoderCard | None = None) -> Manifest:
    return Manifest(
        format=FORMAT,
        id=id_,
        built=BUILT,
        encoder=encoder,
        signature="0123456789abcdef",
        lessons=2,
        passages=3,
        commit=None,
        files=files,
    )


def empty_store(root: Path) -> SnapshotStore:
    """Return a store in which nothing was published yet."""
    store = SnapshotStore(root)
    store.prepare()
    return store


def of_day(day: str) -> str:
    """Return the id of a snapshot of that day."""
    return f"2026010{day}T000000Z-00000{day}"


def publish(store: SnapshotStore, id_: str, content: str = "content", encoder: EncoderCard | None = None) -> Snapshot:
    """Publish a snapshot of two files."""
    with store.building() as folder:
        (folder / "catalogue.sqlite").write_text(content)
        (folder / "postings").mkdir()
        (folder / "postings" / "segment.npy").write_text(content)
        return store.publish(store.seal(folder, manifest(id_, describe_files(folder), encoder)))


def snapshots(root: Path) -> list[str]:
    """Return the names in the folder of snapshots, half-built ones too."""
    return sorted(path.name for path in (root / ".kb" / "snapshots").iterdir())


def pointer(root: Path) -> Path:
    return root / ".kb" / "CURRENT"


def live_folder(root: Path) -> Path:
    return root / ".kb" / "snapshots" / pointer(root).read_text().strip()


def found(kb: Run, root: Path, query: str) -> list[str]:
    """Return the ids of the lessons that have the words of a query."""
    answer = json.loads(kb(root, "search", "--json", "--mode", "lexical", query).out)
    return [hit["id"] for hit in answer["hits"]]


def edit_manifest(folder: Path, **values: object) -> None:
    file = folder / "manifest.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | values))


def cut(path: Path) -> None:
    """Take the last byte away."""
    data = path.read_bytes()
    path.write_bytes(data[:-1])


def flip(path: Path, place: int = -3) -> None:
    """Change one byte, near the end, where the data are, if not told otherwise."""
    data = bytearray(path.read_bytes())
    data[place] ^= 0xFF
    path.write_bytes(data)
