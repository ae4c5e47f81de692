"""Which direction of a metric is good, as a person would say it; what nobody can know counts as unknown."""

from __future__ import annotations

import pytest

from ingest.lesson import impact_of
from kb.impact.effect import effect_of

MORE, LESS, UNKNOWN = 1, -1, 0

METRICS = [
    # Negated, mended, lost.
    ("error-free invoices", "", "%", MORE),
    ("accident-free days", "", "", MORE),
    ("days without an accident", "cost", "", MORE),
    ("days since the last accident", "", "", MORE),
    ("mean time between failures", "", "hours", MORE),
    ("invoices without a mistake", "", "%", MORE),
    ("shifts with no injury", "", "", MORE),
    ("deliveries on time", "cycle-time", "%", MORE),
    ("deliveries not on time", "cycle-time", "%", LESS),
    ("customers who pay on time", "cost", "%", MORE),
    ("orders right first time", "", "%", MORE),
    ("complaints resolved within 24 hours", "customer-satisfaction", "%", MORE),
    ("hours until complaints are resolved", "", "", LESS),
    ("unresolved complaints", "", "", LESS),
    ("bugs fixed", "", "", MORE),
    ("fine avoided", "cost", "USD", MORE),
    ("penalties avoided", "", "EUR", MORE),
    ("accidents prevented", "", "", MORE),
    ("lost orders", "revenue", "", LESS),
    ("lost sales", "revenue", "EUR", LESS),
    ("customers lost", "revenue", "", LESS),
    ("dissatisfied customers", "customer-satisfaction", "%", LESS),
    ("unsatisfied patients", "", "", LESS),
    ("customers not satisfied", "", "%", LESS),
    ("customer dissatisfaction", "", "", LESS),
    ("non-compliance", "", "", LESS),
    ("unpaid invoices", "", "EUR", LESS),
    ("late deliveries", "", "%", LESS),
    # Shares and numbers of something; somebody who does something.
    ("wrong orders", "", "%", LESS),
    ("share of wrong orders", "", "%", LESS),
    ("share of orders with a wrong part", "customer-satisfaction", "%", LESS),
    ("share of satisfied customers", "", "%", MORE),
    ("share of customers who complain", "customer-satisfaction", "%", LESS),
    ("percentage of invoices that are overdue", "", "%", LESS),
    ("number of days until delivery", "", "", LESS),
    ("rate of absence", "", "%", LESS),
    ("error rate", "", "%", LESS),
    ("conversion rate", "revenue", "%", MORE),
    ("market share", "revenue", "%", MORE),
    ("hours of downtime", "", "", LESS),
    ("hours of training per employee", "", "", UNKNOWN),
    ("share of women in management", "", "%", UNKNOWN),
    ("people who clicked", "employee-productivity", "%", UNKNOWN),
    ("customers who come back", "revenue", "%", MORE),
    ("returning customers", "revenue", "%", MORE),
    # Money.
    ("turnover", "revenue", "EUR", MORE),
    ("annual turnover of the shops", "", "EUR", MORE),
    ("turnover", "revenue", "", MORE),
    ("turnover", "employee-productivity", "%", LESS),
    ("staff turnover", "cost", "EUR", LESS),
    ("days sales outstanding", "cost", "days", LESS),
    ("cost of staff turnover", "", "EUR", LESS),
    ("cost growth", "cost", "%", LESS),
    ("sales growth", "", "%", MORE),
    ("growth", "revenue", "%", MORE),
    ("return on investment", "", "%", MORE),
    ("returned parcels a week", "", "", LESS),
    ("discount given", "revenue", "%", LESS),
    ("cost of printing", "cost", "USD", LESS),
    ("printing", "cost", "USD", LESS),
    ("printing", "cost", "pages", UNKNOWN),
    ("new contracts", "revenue", "EUR", MORE),
    ("loss of revenue", "", "EUR", LESS),
    ("savings", "cost", "EUR", MORE),
    # Durations and scores.
    ("weeks until the first order alone", "employee-productivity", "", LESS),
    ("days from order to delivery", "", "", LESS),
    ("order to delivery", "cycle-time", "days", LESS),
    ("orders a day", "cycle-time", "", UNKNOWN),
    ("time to market", "", "months", LESS),
    ("time with customers", "employee-productivity", "hours", UNKNOWN),
    ("waiting time", "", "minutes", LESS),
    ("time saved per week", "", "hours", MORE),
    ("uptime", "", "%", MORE),
    ("school grade (1 = best)", "", "", LESS),
    ("school grade", "", "", UNKNOWN),
    ("satisfaction with delivery time", "", "", MORE),
    ("customer satisfaction score", "", "", MORE),
    ("stress score", "", "", LESS),
    ("net promoter score", "", "", MORE),
    ("mood of the team (more is better)", "", "", MORE),
    # Nothing says it.
    ("errors found by the test", "", "", UNKNOWN),
    ("near misses reported", "", "", UNKNOWN),
    ("widgets", "customer-satisfaction", "", UNKNOWN),
    ("meetings per week", "employee-productivity", "", UNKNOWN),
    ("", "cost", "", LESS),
    ("", "customer-satisfaction", "", MORE),
    ("", "", "", UNKNOWN),
]


OTHERS = [
    ("time to answer a customer", "", "hours", LESS),
    ("average handling time", "", "minutes", LESS),
    ("calls abandoned", "customer-satisfaction", "%", LESS),
    ("calls answered within 20 seconds", "", "%", MORE),
    ("machine utilisation", "", "%", MORE),
    ("stock value", "cost", "EUR", LESS),
    ("days of stock", "cost", "days", LESS),
    ("scrap rate", "", "%", LESS),
    ("first-pass yield", "", "%", MORE),
    ("employees who would recommend us", "", "%", MORE),
    ("overdue receivables", "", "EUR", LESS),
    ("meetings without an agenda", "", "", LESS),
    ("projects finished late", "", "%", LESS),
    ("projects finished on time and in budget", "", "%", MORE),
    ("energy use per unit", "cost", "kWh", LESS),
    ("sick days per employee", "", "", LESS),
    ("new customers", "revenue", "", MORE),
    ("win rate of offers", "", "%", MORE),
    ("order value", "revenue", "EUR", MORE),
    ("average basket", "revenue", "EUR", MORE),
    ("claims paid", "cost", "EUR", LESS),
    ("audit findings", "", "", LESS),
    ("near misses", "", "", LESS),
    ("trained managers", "", "", MORE),
    ("share of staff trained", "", "%", MORE),
    ("dropouts", "", "", LESS),
    ("pupils who left without a certificate", "", "%", LESS),
    ("infections per 1,000 patient days", "", "", LESS),
    ("readmissions within 30 days", "", "%", LESS),
    ("length of stay", "", "days", LESS),
    ("response time", "cycle-time", "ms", LESS),
    ("page load time", "", "seconds", LESS),
    ("failed deployments", "", "%", LESS),
    ("deployments per week", "", "", MORE),
    ("time to restore", "", "hours", LESS),
    ("duplicate records", "", "", LESS),
    ("records without duplicates", "", "%", MORE),
    ("ideas implemented", "", "", MORE),
    ("hours spent searching for documents", "", "hours", LESS),
    ("customer retention", "", "%", MORE),
    ("share of suppliers with a valid contract", "", "%", MORE),
    ("orders entered by hand", "", "%", LESS),
    ("parcels without damage", "", "%", MORE),
    ("damaged parcels", "", "%", LESS),
    ("travel expenses", "cost", "EUR", LESS),
    ("margin per order", "revenue", "EUR", MORE),
    ("debts written off", "", "EUR", LESS),
    ("number of unhappy guests", "", "", LESS),
    ("days to close the books", "cycle-time", "days", LESS),
    ("absence due to illness", "", "%", LESS),
    ("gross profit", "revenue", "EUR", MORE),
    ("vacant posts", "", "", LESS),
    ("time to hire", "", "days", LESS),
    ("quality of hire", "", "", MORE),
    ("bounce rate", "", "%", LESS),
    ("water leaks", "", "", LESS),
    ("share of invoices paid late", "", "%", LESS),
    ("invoices never disputed", "", "%", MORE),
    ("warranty costs", "", "EUR", LESS),
    ("repeat calls", "", "%", LESS),
    ("share of sales from new products", "revenue", "%", MORE),
    ("conversion of leads", "", "%", MORE),
    ("reduction in waste", "", "%", UNKNOWN),
    ("customers served per hour", "", "", MORE),
    ("price per kilo bought", "cost", "EUR", LESS),
    ("rent", "cost", "EUR", LESS),
    ("tips", "revenue", "EUR", MORE),
    ("books lent", "", "", UNKNOWN),
    ("staff without overtime", "", "%", MORE),
]
"""Metrics that were not looked at when the rules were made: 43 of 69 were right, the others unknown."""


@pytest.mark.parametrize(("metric", "area", "unit", "good"), METRICS)
def test_the_good_direction_is_that_of_a_reader(metric: str, area: str, unit: str, good: int) -> None:
    entry = impact_of({"metric": metric, "area": area, "unit": unit, "before": 4, "after": 5})
    assert effect_of(entry).direction == good


@pytest.mark.parametrize(("metric", "area", "unit", "good"), OTHERS)
def test_of_any_metric_the_opposite_is_never_said(metric: str, area: str, unit: str, good: int) -> None:
    entry = impact_of({"metric": metric, "area": area, "unit": unit, "before": 4, "after": 5})
    assert effect_of(entry).direction in (good, UNKNOWN)


@pytest.mark.parametrize(("better", "good"), [("less", LESS), ("more", MORE)])
def test_who_writes_the_lesson_has_the_last_word(better: str, good: int) -> None:
    for metric in ("sales", "complaints", "widgets"):
        assert effect_of(impact_of({"metric": metric, "better": better, "before": 4, "after": 5})).direction == good


def test_an_unknown_direction_is_neither_gain_nor_loss_and_says_what_to_write() -> None:
    found = effect_of(impact_of({"metric": "widgets", "area": "customer-satisfaction", "before": 4, "after": 3}))
    assert (found.gain, found.relative_gain) == (None, None)
    assert "whether more or less is better is not known: write `better: less` or `better: more`" in found.notes
