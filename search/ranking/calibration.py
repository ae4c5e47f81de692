"""The calibration of a library: evidence thresholds, the weight of words against meaning, the scale of cosines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from search.query.mode import Mode

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

LEXICAL_WEIGHT = 0.33
"""`benchmarks/fusion.py` compares it with others; docs/evaluation.md has the table."""


class Thresholds(NamedTuple):
    """The minimum evidence for each level of relevance."""

    may_help: float
    answers: float


_FARTHEST = 1e6
"""Upper bound of plausible inner products: no model's are so large."""

DEFAULTS: Mapping[Mode, Thresholds] = {
    Mode.HYBRID: Thresholds(0.36, 0.52),
    Mode.SEMANTIC: Thresholds(0.34, 0.48),
    Mode.LEXICAL: Thresholds(0.40, 0.65),
}
"""The thresholds by mode of a library that is not calibrated."""


class Scale(NamedTuple):
    """The linear relation of a model's cosines, or inner products, to the default model's cosines."""

    offset: float = 0.0
    """The model's score where the default model's cosine is 0."""
    unit: float = 1.0
    """The difference of the model's scores where the default model's cosines differ by 1."""

    def of(self, cosines: Floats) -> Floats:
        """Return scores on the scale of the default model's cosines, shape as given."""
        return (cosines - self.offset) / self.unit


AS_IT_IS = Scale()


class Questions(NamedTuple):
    """How many questions were asked, and the thresholds' errors on them; in hybrid mode, or lexical without a model."""

    far: int = 0
    """Questions from elsewhere."""
    far_answers: int = 0
    """How many of these a lesson is said to answer."""
    far_may_help: int = 0
    """How many of these a lesson is said perhaps to help with."""
    own: int = 0
    """`answers`, each left out while it is asked, whose lesson is ranked among the first three."""
    own_hidden: int = 0
    """How many of these find only lessons of the level nearest."""


class Calibration(NamedTuple):
    """What is fitted to a library: how evidence is judged, and how scores are fused."""

    thresholds: Mapping[Mode, Thresholds] = DEFAULTS
    lexical_weight: float = LEXICAL_WEIGHT
    scale: Scale = AS_IT_IS
    asked: Questions = Questions()

    def as_json(self) -> dict[str, Any]:
        return {
            "thresholds": {mode.value: thresholds._asdict() for mode, thresholds in self.thresholds.items()},
            "lexical_weight": self.lexical_weight,
            "scale": self.scale._asdict(),
            "asked": self.asked._asdict(),
        }

    @classmethod
    def from_json(cls, data: Any) -> Calibration:
        """Read what `as_json` returned; raises `ValueError` for anything else and for numbers out of range."""
        try:
            thresholds = {Mode(mode): Thresholds(**pair) for mode, pair in data["thresholds"].items()}
            found = cls(thresholds, float(data["lexical_weight"]), Scale(**data["scale"]), Questions(**data["asked"]))
            numbers = [*(number for pair in thresholds.values() for number in pair)]
            right = set(thresholds) == set(Mode) and all(0 < float(number) < 2 for number in numbers)
            right &= abs(found.scale.offset) < _FARTHEST and 1 / _FARTHEST < found.scale.unit < _FARTHEST
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            raise ValueError(f"not a calibration: {error}") from error
        if not right or not 0 < found.lexical_weight < 1:
            raise ValueError("not a calibration: its numbers are out of range")
        return found


DEFAULT = Calibration()
"""The calibration of a library that was not asked any questions."""
