"""The results that are proposed from notes: each once, whole, and neither damage nor what is hoped for."""

from __future__ import annotations

import pytest

from ingest.kinds import KindTable
from kb.codify.notes.notes import notes


def results(text: str) -> list[dict[str, object]]:
    said = notes(text, KindTable(), name="notes.md").values.get("impact", [])
    return [{key: value for key, value in entry.items() if value is not None} for entry in said]


DROPPED = "Orders per minute dropped from 210 to 132."
FELL = {"metric": "Complaints", "before": 30, "after": 2, "unit": "a month"}


@pytest.mark.parametrize(
    "text",
    [
        *(
            f"# Checkout down\n\n## {name}\n\n{DROPPED}"
            for name in (
                *(
                    "Customer impact",
                    "Impact on customers",
                    "Business impact of the incident",
                    "Impact during the outage",
                ),
                *("Auswirkungen", "Auswirkungen auf Kunden", "Schaden", "Impact sur les clients", "D\u00e9g\u00e2ts"),
                *("Impacto en los clientes", "Da\u00f1os", "Damage", "Losses", "3. Customer impact (EU)"),
            )
        ),
        f"Customer impact: {DROPPED}",
        f"**Customer impact:** Much.\n{DROPPED}",
        f"- Customer impact: {DROPPED}\n- Root cause: a certificate",
        f"| Customer impact | {DROPPED} |\n|---|---|\n| Root cause | a certificate |",
        f"Customer impact\n\n{DROPPED}",
        "Orders per minute dropped from 210 to 132 during the incident.",
        "During the outage orders per minute dropped from 210 to 132.",
        "Bestellungen fielen w\u00e4hrend der St\u00f6rung von 210 auf 132 pro Minute.",
        "Les commandes sont pass\u00e9es de 210 \u00e0 132 par minute pendant la panne.",
        "Los pedidos bajaron de 210 a 132 al minuto durante la ca\u00edda.",
        "Ziel: Reklamationen von 30 auf 2 pro Monat",
        "- Objectif : de 30 \u00e0 2 r\u00e9clamations par mois",
    ],
)
def test_damage_and_hopes_are_no_results(text: str) -> None:
    assert results(text) == []


@pytest.mark.parametrize(
    "text",
    [
        f"## Customer impact\n\n{DROPPED}\n\n## Results\n\nComplaints fell from 30 to 2 a month.",
        f"Customer impact: {DROPPED}\n\nComplaints fell from 30 to 2 a month.",
        f"- Customer impact: {DROPPED}\n- Result: Complaints fell from 30 to 2 a month.",
        f"Customer impact\n\n{DROPPED}\n\nResults: Complaints fell from 30 to 2 a month.",
        "## Impact\n\nComplaints fell from 30 to 2 a month.",
    ],
)
def test_results_beside_damage_are_taken(text: str) -> None:
    assert results(text) == [FELL]


@pytest.mark.parametrize(
    "said",
    [
        "standstill dropped by 45 %, from 11 to 6 hours a week.",
        "standstill dropped by 45 % (from 11 to 6 hours a week).",
        "standstill went from 11 to 6 hours a week, down 45 %.",
        "standstill 11 \u2192 6 hours a week (\u221245 %)",
    ],
)
def test_one_result_is_proposed_once(said: str) -> None:
    found = results(f"# Night shift\n\n## Results\n\n{said}")
    assert found == [{"metric": "standstill", "before": 11, "after": 6, "unit": "hours a week", "change": "-45%"}]


def test_a_share_that_is_not_what_the_figures_come_to_is_another_result() -> None:
    found = results("# Night\n\n## Results\n\nCosts dropped by 20 %, from 11 to 6 hours a week.")
    assert [entry.get("change", "") for entry in found] == ["-20%", ""]
