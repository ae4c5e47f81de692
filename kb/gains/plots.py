"""Pictures of what interventions brought, as SVG. matplotlib is imported here only."""

from __future__ import annotations

import io
import os
from collections.abc import Sequence
from contextlib import chdir, suppress
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple
from warnings import catch_warnings, simplefilter

from kb.lessons.evidence import GRADES
from kb.system.user_cache import fonts_folder

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_WIDTH = 7.2
"""Inches, about the width of the text on A4 and Letter."""
_ROW = 0.34
_MOST_LABEL = 46
"""Characters of a label; the table behind the picture has the whole text."""
_COLOURS = dict(zip(GRADES, ("#08306b", "#2171b5", "#6baed6", "#c6dbef", "#ffffff"), strict=True))
_HATCHES = dict(zip(GRADES, ("", "", "", "//", ".."), strict=True))
"""Grades differ in lightness and hatching, so that they can be told apart without colour."""


class Bar(NamedTuple):
    """Numbers of entries by grade."""

    name: str
    grades: dict[str, int]


class Point(NamedTuple):
    """A change for the better in per cent of the figure before, with its interval if there is one."""

    name: str
    value: float
    interval: tuple[float, float] | None
    grade: str


class Amounts(NamedTuple):
    """Amounts of one currency and period, by year."""

    name: str
    years: Sequence[str]
    values: Sequence[float]
    well_shown: Sequence[float]
    """The part of the values that is shown by a comparison."""


def bars(rows: Sequence[Bar]) -> bytes:
    """Draw for each row how many entries have which grade."""
    figure, axes = _figure(len(rows))
    from matplotlib.ticker import MaxNLocator  # after `_prepare`

    names = [_label(row.name) for row in rows]
    left = [0.0] * len(rows)
    for grade in GRADES:
        counts = [row.grades.get(grade, 0) for row in rows]
        axes.barh(
            range(len(rows)),
            counts,
            left=left,
            label=f"{grade} {GRADES[grade].strength}",
            facecolor=_COLOURS[grade],
            hatch=_HATCHES[grade],
            edgecolor="#333333",
            linewidth=0.6,
        )
        left = [start + count for start, count in zip(left, counts, strict=True)]
    for place, total in enumerate(left):
        axes.annotate(f"{total:,.0f}", (total, place), xytext=(4, 0), textcoords="offset points", va="center")
    axes.set_yticks(range(len(rows)), names)
    axes.set_xlabel("measured entries")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.margins(x=0.08)
    axes.legend(ncols=5, loc="lower center", bbox_to_anchor=(0.4, 1.0), frameon=False)
    return _svg(figure)


def points(rows: Sequence[Point]) -> bytes:
    """Draw effects with their intervals; the letter beside each is its grade."""
    figure, axes = _figure(len(rows))
    axes.axvline(0, color="#333333", linewidth=0.8)
    for place, row in enumerate(rows):
        if row.interval:
            axes.plot(row.interval, (place, place), color="#333333", linewidth=1.5, solid_capstyle="butt", marker="|")
        face = _COLOURS[row.grade]
        axes.plot([row.value], [place], marker="o", color=face, markeredgecolor="#333333", markersize=7)
        axes.annotate(row.grade, (1.01, place), xycoords=("axes fraction", "data"), va="center")
    axes.set_yticks(range(len(rows)), [_label(row.name) for row in rows])
    axes.set_xlabel("change for the better, % of the figure before; line: 95 % interval")
    return _svg(figure)


def columns(charts: Sequence[Amounts]) -> bytes:
    """Draw amounts by year, one chart below the other, as different currencies and periods cannot be compared."""
    figure = _empty(1.7 * len(charts) + 0.4)
    for number, chart in enumerate(charts, 1):
        axes = figure.add_subplot(len(charts), 1, number)
        _upright(axes, chart.years, chart.values, "D", "all")
        _upright(axes, chart.years, chart.well_shown, "B", "shown by a comparison")
        axes.axhline(0, color="#333333", linewidth=0.8)
        axes.set_title(_label(chart.name), loc="left", fontsize=9)
        if number == 1:
            axes.legend(ncols=2, loc="lower right", bbox_to_anchor=(1.0, 1.0), frameon=False)
        axes.yaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
        axes.tick_params(axis="x", labelrotation=90 if len(chart.years) > 12 else 0)
        _plain(axes)
    return _svg(figure)


def _upright(axes: Axes, years: Sequence[str], values: Sequence[float], grade: str, name: str) -> None:
    axes.bar(
        years,
        values,
        width=0.7,
        label=name,
        facecolor=_COLOURS[grade],
        hatch=_HATCHES[grade],
        edgecolor="#333333",
        linewidth=0.6,
    )


def _figure(rows: int) -> tuple[Figure, Axes]:
    figure = _empty(_ROW * rows + 1.1)
    axes = figure.add_subplot()
    axes.set_ylim(rows - 0.4, -0.6)  # the first row on top
    _plain(axes)
    return figure, axes


def _plain(axes: Axes) -> None:
    axes.spines[["top", "right"]].set_visible(False)


def _empty(height: float) -> Figure:
    _prepare()
    from matplotlib import rcdefaults, rcParams
    from matplotlib.figure import Figure

    rcdefaults()
    # Texts stay texts, so that any script has its letters; `$` in a unit begins no formula.
    rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "kb", "text.parse_math": False, "font.size": 9})
    return Figure(figsize=(_WIDTH, height), layout="constrained")


@cache
def _prepare() -> None:
    """Import matplotlib as if from the root folder: it reads `matplotlibrc` where it is, which may be a clone."""
    with suppress(OSError):
        fonts_folder().mkdir(parents=True, exist_ok=True)
        os.environ.setdefault("MPLCONFIGDIR", str(fonts_folder()))
    with chdir("/"):
        import_module("matplotlib")


def _svg(figure: Figure) -> bytes:
    written = io.BytesIO()
    with catch_warnings():
        simplefilter("ignore", UserWarning)  # a letter that its own font lacks: the reader's browser has it
        figure.savefig(written, format="svg", metadata={"Date": None, "Creator": None})
    return written.getvalue()


def _label(text: str) -> str:
    shown = " ".join(text.split())
    return shown if len(shown) <= _MOST_LABEL else f"{shown[: _MOST_LABEL - 1]}…"
