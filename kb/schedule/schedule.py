"""Schedules for `kb reindex`: the text for each scheduler, and installing those that can be installed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from kb.errors import CannotInstall, ConfigError
from kb.schedule.found import Found
from kb.schedule.job import Job
from kb.schedule.kinds import KINDS, Kind, fitting_kinds, schedules_of
from kb.schedule.placing import Placement
from kb.schedule.requirement import TO_BE_SET, requirement

_SERVERS = ("github", "gitlab")


@dataclass(frozen=True, slots=True)
class Overview:
    """The schedulers available for a knowledge base."""

    purposes: tuple[tuple[str, str], ...]
    """Pairs of a scheduler's name and its purpose."""
    fitting: frozenset[str]
    """The names of the schedulers that can work here."""
    found: tuple[Found, ...]
    """The schedules that exist already."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """The text of a schedule, to be installed by the user."""

    text: str
    place: str
    """Where the text belongs, in a sentence."""
    remarks: tuple[str, ...]
    """What must be edited before."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """The nightly job of one knowledge base."""

    job: Job

    def overview(self) -> Overview:
        purposes = tuple((name, kind.purpose) for name, kind in KINDS.items())
        root = self.job.root
        return Overview(purposes, fitting_kinds(root), tuple(schedules_of(root)))

    def proposal(self, name: str) -> Proposal:
        """Return the text for a scheduler; raises `ConfigError` if it cannot be made."""
        kind = self._kind(name)
        remarks = tuple(self._remarks()) if name in _SERVERS else ()
        return Proposal(kind.text(self.job), kind.place(self.job), remarks)

    def install(self, name: str) -> Placement:
        """Install a schedule; raises `CannotInstall` if only a person can do that, `ConfigError` and `CannotWrite`."""
        return self._placing(name, self._kind(name).install, "--install")(self.job)

    def uninstall(self, name: str) -> Placement:
        """Uninstall a schedule; raises the same errors as `install`."""
        return self._placing(name, KINDS[name].uninstall, "--uninstall")(self.job)

    def _kind(self, name: str) -> Kind:
        if self.job.state and not KINDS[name].sends_digests:
            able = " and ".join(name for name, kind in KINDS.items() if kind.sends_digests)
            raise ConfigError(f"--digest works for {able} only: with {name} no record of what was sent would stay")
        return KINDS[name]

    def _placing(self, name: str, place: Callable[[Job], Placement] | None, wish: str) -> Callable[[Job], Placement]:
        if place:
            return place
        able = " and ".join(name for name, kind in KINDS.items() if kind.install)
        raise CannotInstall(
            f"{wish} works for {able} only; for {name}: {KINDS[name].place(self.job)}; see `kb schedule --help`"
        )

    def _remarks(self) -> Iterator[str]:
        if requirement() == TO_BE_SET:
            yield "before you commit it, put into KB_REQUIREMENT the git address that you have kb from"
        if self.job.at.minute % 15 == 0:
            yield "most jobs start at this minute; at another one, such as 17, a run is seldom late"
