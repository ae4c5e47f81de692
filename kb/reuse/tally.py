"""What the uses of a lesson come to: how often it was used, how often it helped, and what that saved."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from ingest.format import OUTCOMES
from kb.reuse.use import Use
from kb.wording import counted

if TYPE_CHECKING:
    from kb.forms import lesson as forms

HELPED, PARTLY, DID_NOT_HELP = OUTCOMES


class Saving(NamedTuple):
    """An amount that was saved, in one unit; amounts in different units are never added."""

    amount: float
    unit: str
    """In the singular: `day`; for money its code."""

    def __str__(self) -> str:
        return counted_amount(self.amount, self.unit)


class Tally(NamedTuple):
    """The uses of a lesson, counted."""

    used: int
    outcomes: Mapping[str, int]
    saved: tuple[Saving, ...]

    def plus(self, other: Tally) -> Tally:
        """Return the tally of the uses of both."""
        outcomes = {name: self.outcomes[name] + other.outcomes[name] for name in OUTCOMES}
        return Tally(self.used + other.used, outcomes, _summed((*self.saved, *other.saved)))

    @property
    def in_words(self) -> str:
        """For instance `4 times, helped 3, did not help 1, saved 12 days`."""
        outcomes = (f"{name.replace('-', ' ')} {self.outcomes[name]:,}" for name in OUTCOMES if self.outcomes[name])
        saved = " and ".join(map(str, self.saved))
        return ", ".join((counted(self.used, "time"), *outcomes, *([f"saved {saved}"] if saved else [])))

    @property
    def is_unhelpful(self) -> bool:
        """Whether it was tried at least twice, and more often without help than with."""
        return self.outcomes[DID_NOT_HELP] > max(1, self.outcomes[HELPED] + self.outcomes[PARTLY])

    def as_json(self) -> forms.Tally:
        return {
            "used": self.used,
            "helped": self.outcomes[HELPED],
            "partly": self.outcomes[PARTLY],
            "did_not_help": self.outcomes[DID_NOT_HELP],
            "saved": [{"amount": saving.amount, "unit": saving.unit} for saving in self.saved],
            "words": self.in_words,
        }


def tally(uses: Sequence[Use]) -> Tally:
    """Count uses."""
    savings = (read_saving(use.saved) for use in uses if use.saved)
    return Tally(len(uses), Counter(use.outcome for use in uses), _summed(filter(None, savings)))


def tallies(uses: Mapping[str, Sequence[Use]]) -> dict[str, Tally]:
    """Count the uses of each lesson."""
    return {id_: tally(found) for id_, found in uses.items()}


def together(some: Mapping[str, Tally], others: Mapping[str, Tally]) -> dict[str, Tally]:
    """Return the tallies of the uses of both, by lesson."""
    both = {id_: some[id_].plus(others[id_]) for id_ in some.keys() & others.keys()}
    return {**some, **others, **both}


def _summed(savings: Iterable[Saving]) -> tuple[Saving, ...]:
    sums: defaultdict[str, float] = defaultdict(float)
    for saving in savings:
        sums[saving.unit] += saving.amount
    return tuple(Saving(amount, unit) for unit, amount in sorted(sums.items()))


@lru_cache(maxsize=10_000)
def read_saving(text: str) -> Saving | None:
    """Return the amount in a text such as `12 days` or `about $3,000`; None if it has none above zero with a unit."""
    from kb.figures.amounts import read_amount  # most lessons were not used yet
    from kb.impact.units import currency_of, unit_of

    amount = read_amount(text)
    if amount is None or not 0 < amount.value < 1e12:
        return None
    unit = unit_of(currency_of(text) or amount.unit, "", "")
    return Saving(amount.value, unit.name) if unit.name not in ("", "%", "percentage points") else None


def counted_amount(amount: float, unit: str) -> str:
    """Return an amount with its unit: `12 days`, `1.5 hours`, `3,000 EUR`."""
    from kb.impact.units import Unit

    written = f"{amount:,.10g}"
    return f"{written} {unit if amount == 1 else Unit(unit, is_money=unit.isupper()).plural}"
