"""Durations and times of day as option values."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import click

_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


def age(_context: click.Context, _option: click.Parameter, value: str | None) -> timedelta | None:
    """Parse a number of minutes, hours or days: `30m`, `26h`, `2d`."""
    if value is None:
        return None
    found = re.fullmatch(r"([1-9][0-9]{0,5})([mhd])", value)
    if not found:
        raise click.BadParameter(f"expected minutes, hours or days, as 30m, 26h or 2d, got {value!r}")
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


class TimeOfDay(click.DateTime):
    """A time of day in hours and minutes: `02:17`."""

    def __init__(self) -> None:
        super().__init__(["%H:%M"])

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter:
            self.fail(f"{value!r} is not a time of day; write one from 00:00 to 23:59", param, ctx)
