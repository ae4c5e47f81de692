"""What an intervention cost, and its return on that cost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from ingest.lesson import text_of
from kb.figures.amounts import read_amount
from kb.impact.units import currency_of
from kb.lessons.stated import stated

if TYPE_CHECKING:
    from kb.forms.find import impact as forms


class Cost(NamedTuple):
    """The cost of an intervention."""

    amount: float
    currency: str
    """ISO 4217."""

    def as_json(self) -> forms.CostTotal:
        return {"amount": self.amount, "currency": self.currency}


class Return(NamedTuple):
    """The return on a cost by Phillips (Return on Investment in Training and Performance Improvement Programs, 2003).

    Benefits are those of the first year, unless a lesson says otherwise.
    """

    benefits: float
    cost: Cost
    is_projected: bool = False
    """Whether benefits of a week, a month or a quarter count for a whole year."""

    @property
    def roi(self) -> float:
        """Return on investment in per cent: (benefits - costs) / costs."""
        return (self.benefits - self.cost.amount) / self.cost.amount * 100

    @property
    def ratio(self) -> float:
        """Benefit-cost ratio."""
        return self.benefits / self.cost.amount

    @property
    def payback(self) -> float | None:
        """Months until the benefits equal the cost; None without benefits."""
        return self.cost.amount / self.benefits * 12 if self.benefits > 0 else None

    def as_json(self) -> forms.Return:
        return {
            "benefits": self.benefits,
            "cost": self.cost.amount,
            "currency": self.cost.currency,
            "roi_percent": self.roi,
            "benefit_cost_ratio": self.ratio,
            "payback_months": self.payback,
            "projected": self.is_projected,
            "method": "Phillips 2003, benefits of the first year" + (", if they last" if self.is_projected else ""),
        }


def cost_of(value: Any) -> Cost | None:
    """Return the cost from the key `cost`; None if amount or currency are missing, unreadable, or not above zero.

    Nor is it one if the amount is in another currency than `currency` says.
    """
    if not isinstance(value, dict):
        return None
    written = stated(text_of(value.get("amount")))
    named, beside = currency_of(stated(text_of(value.get("currency")))), currency_of(written)
    currency = "" if named and beside and named != beside else named or beside
    amount = read_amount(written)
    return Cost(amount.value, currency) if amount and currency and 1e-12 < amount.value < 1e15 else None
