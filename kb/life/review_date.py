"""The date by which a lesson is to be reviewed."""

from __future__ import annotations

from datetime import date

from kb.errors import WrongDate
from kb.figures.days import is_day, read_day


def review_date(text: str, today: date) -> str:
    """Return a review date; raises `WrongDate` if the text is not a date or not in the future."""
    text = text.strip()
    if not is_day(text):
        near = read_day(text)
        raise WrongDate(f"{text!r} is not a date; " + (f"did you mean {near}?" if near else "write it as 2027-05-31"))
    if text <= today.isoformat()[: len(text)]:
        raise WrongDate(f"{text} is not in the future: today is {today}; give a later date")
    return text
