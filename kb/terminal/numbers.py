"""Formats measures, differences and p-values with three decimals."""

from __future__ import annotations


def show(value: float) -> str:
    """Return a value with three decimals: `.746`, `1.000`."""
    shown = f"{value:.3f}"
    return shown.removeprefix("0") if 0 <= value < 1 else shown


def show_signed(value: float) -> str:
    """Return a difference with three decimals and its sign: `+.012`."""
    shown = f"{value:+.3f}".replace("+0.", "+.").replace("-0.", "\u2212.").replace("-", "\u2212")
    return ".000" if shown in ("+.000", "\u2212.000") else shown


def show_p(p: float) -> str:
    """Return a p-value with three decimals: `.034`, `<.001`."""
    return "<.001" if p < 0.001 else show(p)
