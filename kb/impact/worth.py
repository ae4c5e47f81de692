"""What an intervention was worth, as a phrase with how well that is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingest.format import DESIGNS, Control, Impact, Series
from ingest.lesson import Lesson
from kb.lessons.evidence import EVIDENCE_IN_WORDS, evidence_of
from kb.lessons.phrase import phrase_of, with_means
from kb.lessons.stated import stated

if TYPE_CHECKING:
    from kb.impact.effect import Effect  # imported only when needed: most lessons have no impact

_WEAKEST = DESIGNS.index("none")


def worth(lesson: Lesson) -> str:
    """Return the most convincing impact of a lesson as a phrase: one with a figure, and the best shown one."""
    ranked = sorted((impact.with_texts(stated) for impact in lesson.impact), key=_least_convincing)
    return next((phrase for impact in ranked if _tells(impact) and (phrase := in_a_phrase(impact))), "")


def in_a_phrase(impact: Impact) -> str:
    """Return an impact as a phrase with its evidence: `costs down 50 % (fair evidence: measured before and after)`.

    A loss is called one, and a stated share is named. An impact without a figure has no grade, only its design.
    """
    evidence = evidence_of(impact)
    phrase = _with_effect(phrase_of(impact), _effect(impact)) if evidence else phrase_of(impact)
    shown_by = evidence.in_words if evidence else EVIDENCE_IN_WORDS.get(impact.design, impact.design)
    return f"{phrase} ({shown_by})" if phrase and shown_by else phrase


def _with_effect(phrase: str, effect: Effect) -> str:
    loss = "a loss: " if effect.outcome == "loss" else ""
    share = "" if effect.share is None else f", {effect.share * 100:.3g} % of it credited"
    return f"{loss}{phrase}{share}" if phrase else ""


def _effect(impact: Impact) -> Effect:
    """Return the effect of an impact; of a series by its means, because a search must not wait for a trend."""
    from kb.impact.effect import effect_of

    own, other = impact, impact.control
    if own.series and not (own.before or own.after):
        own = with_means(own)
        both = with_means(Impact(before=other.before, after=other.after, series=other.series))
        other = Control(both.before, both.after, other.n, other.chosen)
    return effect_of(own._replace(series=Series(), control=other._replace(series=Series())))


def _least_convincing(impact: Impact) -> tuple[bool, bool, str, int]:
    evidence = evidence_of(impact)
    return evidence is None, not impact.has_figure, evidence.grade if evidence else "", _strength(impact.design)


def _tells(impact: Impact) -> bool:
    """Return whether an impact has more information than the name of its metric."""
    return bool(impact.has_figure or impact.after or _strength(impact.design) < _WEAKEST or not impact.metric)


def _strength(design: str) -> int:
    return DESIGNS.index(design) if design in DESIGNS else len(DESIGNS)
