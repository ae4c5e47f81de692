"""Claims of a change without a verb: two values and a sign, or two words for when."""

from __future__ import annotations

import time

import pytest

from kb.figures.claims import figures

CLAIMS = [
    # text, claim, before, after, unit
    ("Wrong labels: 6.2 % → 1.9 %", "6.2 % → 1.9 %", "6.2", "1.9", "%"),
    ("6.2%->1.9%", "6.2%->1.9%", "6.2", "1.9", "%"),
    ("6.2% … 1.9%", "6.2% … 1.9%", "6.2", "1.9", "%"),
    ("6.2 % ... 1.9 %", "6.2 % ... 1.9 %", "6.2", "1.9", "%"),
    ("Ausschuss 6,2 % => 1,9 %", "6,2 % => 1,9 %", "6.2", "1.9", "%"),
    ("returns: 40 -> 6", "40 -> 6", "40", "6", ""),
    ("$1,200 → $900 a month", "$1,200 → $900 a month", "1,200", "900", "$"),
    ("260 → 90 calls a week", "260 → 90 calls a week", "260", "90", "calls a week"),
    ("2 weeks → 3 days", "2 weeks → 3 days", "2 weeks", "3 days", ""),
    ("from 14 to 9 days", "from 14 to 9 days", "14", "9", "days"),
    ("from 41 to 2 a month", "from 41 to 2 a month", "41", "2", "a month"),
    ("Waiting fell from 3 hours to 50 minutes", "from 3 hours to 50 minutes", "3 hours", "50 minutes", ""),
    ("Planning took 9 weeks before, 5 now", "9 weeks before, 5 now", "9", "5", "weeks"),
    ("before: 14 days, after: 9 days", "before: 14 days, after: 9 days", "14", "9", "days"),
    ("was 14 days, now 9", "was 14 days, now 9", "14", "9", "days"),
    ("Lost calls are at 1.9 %, it was 6.2 %", "1.9 %, it was 6.2 %", "6.2", "1.9", "%"),
    ("9 days instead of 14 days", "9 days instead of 14 days", "14", "9", "days"),
    ("9 Tage statt 14", "9 Tage statt 14", "14", "9", "Tage"),
    ("von 14 auf 2 pro Woche", "von 14 auf 2 pro Woche", "14", "2", "pro Woche"),
    ("de 14 à 9 jours", "de 14 à 9 jours", "14", "9", "jours"),
    ("doses 7 in Q1 → 1 in Q2", "7 in Q1 → 1 in Q2", "7", "1", ""),
    ("£1.2m → £0.8m", "£1.2m → £0.8m", "1.2m", "0.8m", "£"),
    ("from £1.2m to £0.8m", "from £1.2m to £0.8m", "1.2m", "0.8m", "£"),
    ("de 1 200 € à 800 €", "de 1 200 € à 800 €", "1200", "800", "€"),
    ("quejas 45 → 6 al mes", "45 → 6 al mes", "45", "6", "al mes"),
    ("quejas 45 al mes → 6 al mes", "45 al mes → 6 al mes", "45", "6", "al mes"),
    ("went from 14 to 5 min, then calls fell", "from 14 to 5 min", "14", "5", "min"),
    ("lowered the limit from 30 to 20 km/h", "from 30 to 20 km/h", "30", "20", "km/h"),
    ("it fell, wrap-up from 190 s to 80 s", "from 190 s to 80 s", "190", "80", "s"),
    ("| what | before | after |\n|---|---|---|\n| returns | 25 % | 12 % |", "25 % | 12 %", "25", "12", "%"),
    (
        "| Gas | Before | After |\n|---|---|---|\n| EUR | 12.400,50 | 7.300,00 |",
        *("12.400,50 | 7.300,00", "12400.50", "7300.00", ""),
    ),
    ("| Gas | vorher | nachher |\n| EUR | 12.400 € | 900 € |", "12.400 € | 900 €", "12400", "900", "€"),
    ("vorher 9 im Monat, jetzt 1", "vorher 9 im Monat, jetzt 1", "9", "1", "im Monat"),
    ("vorher 12 Anrufe am Tag, nachher 3", "vorher 12 Anrufe am Tag, nachher 3", "12", "3", "Anrufe am Tag"),
    ("von 1.200 € auf 800 €", "von 1.200 € auf 800 €", "1200", "800", "€"),
    ("von 1.200 auf 800 Stück", "von 1.200 auf 800 Stück", "1200", "800", "Stück"),
    ("de 1.200 € a 800 €", "de 1.200 € a 800 €", "1200", "800", "€"),
    ("1.200.000 € -> 900.000 €", "1.200.000 € -> 900.000 €", "1200000", "900000", "€"),
    ("1.250 s -> 1.5 s", "1.250 s -> 1.5 s", "1.250", "1.5", "s"),
    ("What    Before   After\nFreight   14 EUR   5 EUR", "14 EUR 5 EUR", "14", "5", "EUR"),
]


@pytest.mark.parametrize(("text", "claim", "before", "after", "unit"), CLAIMS, ids=[row[0] for row in CLAIMS])
def test_two_values_are_a_claim(text: str, claim: str, before: str, after: str, unit: str) -> None:
    (figure,) = figures(text)
    assert " ".join(text[figure.start : figure.end].split()) == figure.text == claim
    assert (figure.before, figure.after, figure.unit, figure.change) == (before, after, unit, "")


PIPED = "| what | before | after |\n|---|---|---|\n| returns | 9 days | 5 days |\n"
SPACED = "What  Before  After\n-------------------\nreturns  9 days  5 days\n"


@pytest.mark.parametrize(
    "text",
    [
        f"{PIPED}\n| a | b | c |\n|---|---|---|\n| x | 7 days | 3 days |\n",
        f"{PIPED}\n| x | 7 days | 3 days |\n",
        f"{PIPED}\nThen:\n\n| x | 7 days | 3 days |\n",
        f"{PIPED}Then:\n| x | 7 days | 3 days |\n",
        f"{SPACED}\nA  B  C\nx  7 days  3 days\n",
    ],
)
def test_a_table_below_another_does_not_have_its_columns(text: str) -> None:
    assert [(figure.before, figure.after) for figure in figures(text)] == [("9", "5")]


def test_the_rows_of_a_table_without_pipes_may_stand_apart() -> None:
    rows = SPACED.replace("\n", "\n\n") + "lost  7 days  3 days\n"
    assert [(figure.before, figure.after) for figure in figures(rows)] == [("9", "5"), ("7", "3")]


def test_a_row_that_says_no_value_ends_no_table() -> None:
    rows = f"{PIPED}| none | - | soon |\n| lost | 7 days | 3 days |\n"
    assert [(figure.before, figure.after) for figure in figures(rows)] == [("9", "5"), ("7", "3")]


@pytest.mark.parametrize(
    ("text", "change"), [("returns: -30 %", "-30%"), ("(\u221212 % calls)", "-12%"), ("| +4.5 % |", "+4.5%")]
)
def test_a_percentage_with_a_sign_is_a_claim(text: str, change: str) -> None:
    assert [figure.change for figure in figures(text)] == [change]


@pytest.mark.parametrize(
    "text",
    [
        "version 3.8.9 → 3.8.16",
        "version 3 → 4",
        "step 1 -> 2",
        "see page 12 → 14",
        "2004 → 2006",
        "15:40 → 16:12",
        "5 % … 10 %",
        "Goal: 40 → 6 returns",
        "It should go 40 % → 6 %",
        "from 9 to 5",
        "de 5 à 10 jours",
        "humidity of 50-60 %",
        "tolerance -5 % to +5 %",
        "- 30 % of the parcels",
        "12 trucks → 3 docks",
        "5 of 20 late → 1 of 20 late",
        "5 of 20 late before, 1 of 20 late now",
        "opening hours changed from 9 to 5",
        "Visiting hours have changed from 2 to 6",
        "We expect 31 -> 4 by May",
        "| before | after |\n|---|---|\n| red | blue |",
        "| before | after |\n|---|---|\n| 7 days | 7 days |",
        "| after | before |\n|---|---|\n| 7 days | 9 days |",
        "| all that was done in the days before that | after |\n|---|---|\n| 9 days | 7 days |",
        "6 % -> 6 %",
        "05 -> 12 days",
        "ranging 9 % ... 4 %",
        "parcels 1.200 -> 900",
        "| what | before | after |\n|---|---|---|\n| parcels | 1.200 | 900 |",
        "vorher 9 im Jahr 2024, jetzt",
        "versions 3 -> 4",
    ],
)
def test_what_only_looks_like_two_values_is_none(text: str) -> None:
    assert figures(text) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    "shape",
    [
        "40 -> ",
        "6.2 % … ",
        "was 14 days, ",
        "1,111,",
        "9",
        "| before | after |\n| 1 ",
        "von 14 ",
        "  a  b\n",
        "-5 ",
        "1 111 ",
        "£1m → ",
        "7 in Q1 → ",
    ],
)
def test_time_grows_with_the_text(shape: str) -> None:
    def seconds(times: int) -> float:
        text = shape * (times // len(shape))
        begun = time.process_time()
        figures(text)
        return time.process_time() - begun

    assert seconds(200_000) < 4 * seconds(100_000) + 0.2
