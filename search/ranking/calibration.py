"""What a library was found to need: from which evidence on a lesson helps, and how much words weigh against meaning."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from search.mode import Mode

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

LEXICAL_WEIGHT = 0.33
"""`benchmarks/fusion.py` compares it with others; docs/evaluation.md has the table."""


class Thresholds(NamedTuple):
    """Evidence from which on a lesson helps."""

    may_help: float
    answers: float


_FARTHEST = 1e6
"""No model's inner products are so large."""

DEFAULTS: Mapping[Mode, Thresholds] = {
    Mode.HYBRID: Thresholds(0.36, 0.52),
    Mode.SEMANTIC: Thresholds(0.34, 0.48),
    Mode.LEXICAL: Thresholds(0.40, 0.65),
}
"""Where a library has not been calibrated."""


class Scale(NamedTuple):
    """How a model's cosines, or its inner products, compare with the default model's cosines."""

    offset: float = 0.0
    """What the model gives where the default model gives 0."""
    unit: float = 1.0
    """By how much the model's differ where the default model's differ by 1."""

    def of(self, cosines: Floats) -> Floats:
        """Return cosines as the default model would have them."""
        return (cosines - self.offset) / self.unit


AS_IT_IS = Scale()


class Questions(NamedTuple):
    """What was asked for the calibration, and what the thresholds get wrong of it; hybrid mode, or by words alone."""

    far: int = 0
    """Questions from elsewhere."""
    far_answers: int = 0
    """Those of which a lesson is said to answer them."""
    far_may_help: int = 0
    """Those of which a lesson is said to help perhaps."""
    own: int = 0
    """`answers` asked with themselves left out, whose lesson is ranked among the first three."""
    own_hidden: int = 0
    """Those of which all that is shown are nearest lessons."""


class Calibration(NamedTuple):
    """What a library was found to need."""

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
        """Read what `as_json` gave; raises `ValueError` for anything that no calibration gives."""
        try:
            thresholds = {Mode(mode): Thresholds(**pair) for mode, pair in data["thresholds"].items()}
            found = cls(thresholds, float(data["lexical_weight"]), Scale(**data["scale"]), Questions(**data["asked"]))
            numbers = [*(number for pair in thresholds.values() for number in pair)]
            right = set(thresholds) == set(Mode) and all(0 < float(number) < 2 for number in numbers)
            right &= abs(found.scale.offset) < _FARTHEST and 1 / _FARTHEST < found.scale.unit < _FARTHEST
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            raise ValueError(f"no calibration: {error}") from error
        if not right or not 0 < found.lexical_weight < 1:
            raise ValueError("no calibration: its numbers are out of range")
        return found


DEFAULT = Calibration()
"""Of a library that was not asked."""
