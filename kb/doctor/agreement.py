"""Whether an encoder still makes the same vectors as when the index was built."""

from __future__ import annotations

from contextlib import closing

import numpy as np

from kb.catalogue.catalogue import Catalogue
from kb.index.snapshot import CATALOGUE, Snapshot
from search.indexing import Encoders, first_vector

# Another batch size, processor or precision changes the cosine by less than a thousandth.
_LEAST_COSINE = 0.99


def has_changed(encoders: Encoders, snapshot: Snapshot) -> bool:
    """Return whether the exported encoder of a snapshot now makes another vector of its first passage.

    Raises `ModelError`, `DamagedIndex`.
    """
    card = snapshot.manifest.encoder
    encoder = encoders.open_exported(card.fingerprint) if card else None
    if encoder is None or not snapshot.manifest.passages:
        return False
    with closing(Catalogue(snapshot.folder / CATALOGUE)) as catalogue:
        text = next(catalogue.texts())
    ((_, (now,)),) = encoder.encode_passages([text])
    then = first_vector(snapshot.folder)
    lengths = float(np.linalg.norm(now) * np.linalg.norm(then))
    return not (lengths == 0 or float(now @ then) > _LEAST_COSINE * lengths)  # a vector with NaN counts as changed
