"""Pages for the person who keeps the library: gaps, lessons to look at again, the state of the index."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import date, datetime
from typing import NamedTuple

from kb.ageing.library import stale_in
from kb.ageing.reason import CAUSES
from kb.ageing.stale import Stale, StaleLesson
from kb.demand.shared.merging import Group
from kb.pages.library import Said
from kb.pages.page import render_in
from kb.reindex.ledger import JobRun
from kb.retrieval.listing import ListRequest
from kb.serve.page.asked import Question
from kb.serve.page.frame import Place
from kb.serve.page.library import Library
from kb.showing.page import link_to
from kb.upkeep.status import Status
from kb.wording import age_of, counted, lasted, size_in_words

_MOST_STALE = 60
_MOST_PROBLEMS = 20


class Gap(NamedTuple):
    """What several people asked for and the library does not have."""

    words: str
    about: str
    closest: Sequence[Said]
    address: str
    """Of the same question."""


class Old(NamedTuple):
    """A lesson that somebody must look at again."""

    lesson: Said
    reasons: Sequence[tuple[str, str]]
    """Each with its cause."""
    owner: Said


class Run(NamedTuple):
    """A run of the nightly job."""

    began: str
    lasted: str
    outcome: str
    details: str


def gaps_page(library: Library, place: Place) -> str:
    """Return what several people have shared; nobody's own questions are part of it."""
    groups = [group for group in library.base.demand.shared_gaps() if group.words()]
    gaps = [_gap(group, library) for group in groups]
    return render_in(place.shell("gaps"), "served/gaps.html", "What people asked for in vain", gaps=gaps)


def _gap(group: Group, library: Library) -> Gap:
    words = group.words()
    about = [f"asked {counted(group.asked, 'time')}", counted(len(group.people), "person", "people")]
    about += [counted(len(group.units), "unit")] if len(group.units) > 1 else []
    closest = [library.named(id_) for id_ in group.closest()[:3]]
    return Gap(", ".join(words), ", ".join(about), closest, Question(q=" ".join(words)).address())


def stale_page(library: Library, today: date, place: Place) -> str:
    """Return the lessons to look at again; without the questions of the user of this process, which are private."""
    overview = library.base.overview

    def made() -> Stale:
        with closing(overview.opening.catalogue()) as catalogue:
            return stale_in(catalogue, ListRequest(), overview.opening, overview.root, (), today)

    stale = library.remembered(("stale", today), made)
    causes = ", ".join(f"{stale.counts[cause]:,} {cause.value}" for cause in CAUSES if stale.counts[cause])
    shown = [_old(one, library) for one in stale.lessons[:_MOST_STALE]]
    lead = f"{len(stale.lessons):,} of {counted(stale.checked, 'lesson')} to look at again" if shown else ""
    lead = f"{lead}: {causes}." if lead else f"{counted(stale.checked, 'lesson')}: nothing to look at again."
    undated = f"Of {counted(stale.undated, 'lesson')} it is not known how old they are." if stale.undated else ""
    more = f"and {len(stale.lessons) - len(shown):,} more" if len(shown) < len(stale.lessons) else ""
    return render_in(
        place.shell("stale"),
        "served/stale.html",
        "Lessons to review",
        lead=lead,
        note=undated,
        lessons=shown,
        more=more,
    )


def _old(stale: StaleLesson, library: Library) -> Old:
    owner = Said(str(stale.owner), link_to(stale.owner.contact)) if stale.owner else Said("nobody is known")
    status = "" if stale.lesson.status in ("", "validated") else stale.lesson.status
    reasons = [(reason.cause.value, reason.words) for reason in stale.reasons]
    return Old(library.named(stale.lesson.id, status), reasons, owner)


def status_page(library: Library, place: Place) -> str:
    """Return the state of the index, without the name of its folder."""
    status = library.base.upkeep.status()
    return render_in(
        place.shell("status"),
        "served/status.html",
        "Status",
        verdict=status.freshness.verdict,
        is_well=not status.freshness.alarm and not status.damage,
        rows=[*_rows(status)],
        problems=[str(problem) for problem in status.problems[:_MOST_PROBLEMS]],
        unreadable=status.unreadable,
        runs=[_run(run) for run in status.runs],
    )


def _rows(status: Status) -> Iterator[tuple[str, str]]:
    yield "Lessons", f"{status.lessons:,}"
    yield "Passages", f"{status.passages:,}"
    yield "Changed since", f"{status.changed_since:,}" if status.changed_since else "none"
    yield "Found by", "words and meaning" if status.model else f"words; {status.encoded:,} passages encoded so far"
    yield "Index", f"{status.snapshot}, built {age_of(status.built)} ago"
    if status.commit:
        yield "Commit", status.commit[:12]
    yield "On disk", f"{size_in_words(status.bytes)}, {size_in_words(status.bytes_in_all)} with what is kept"
    if status.damage:
        yield "Damage", status.damage


def _run(run: JobRun) -> Run:
    began = f"{datetime.fromisoformat(run.began).astimezone():%Y-%m-%d %H:%M}"
    return Run(began, "" if run.seconds is None else lasted(run.seconds), run.outcome, run.details)
