"""The forms by the names under which `kb schema` prints them."""

from collections.abc import Mapping
from typing import NamedTuple

from kb.forms.find.brief import Brief
from kb.forms.find.digest import Digest
from kb.forms.find.gaps import Gaps, SharedGaps
from kb.forms.find.impact import ImpactReport
from kb.forms.find.lessons import ListedLesson, ShownLesson
from kb.forms.find.people import WhoAnswer
from kb.forms.find.search import BatchAnswer, BatchError, SearchAnswer, SimilarAnswer, WhyNot
from kb.forms.find.topics import Subject, Topic, TopicMap
from kb.forms.judge.evaluation import Evaluations
from kb.forms.judge.findings import Checked
from kb.forms.keep.checkup import Checkup
from kb.forms.keep.demand import DemandState
from kb.forms.keep.draft import NewDraft
from kb.forms.keep.garbage import Garbage, KeptSnapshots
from kb.forms.keep.near_duplicates import NearDuplicates
from kb.forms.keep.reuse import RecordedUse
from kb.forms.keep.run import Report
from kb.forms.keep.stale import Stale
from kb.forms.keep.status import Status
from kb.forms.keep.tokens import ListedTokens
from kb.forms.keep.weekly import Weekly


class Published(NamedTuple):
    """What one command prints."""

    command: str
    """The command that prints it."""
    form: type
    """The type of the answer."""
    others: tuple[type, ...] = ()
    """Further types that it may have instead."""


PUBLISHED: Mapping[str, Published] = {
    "search": Published("kb search --json", SearchAnswer),
    "search-batch": Published("kb search --batch FILE", BatchAnswer, (BatchError,)),
    "search-why-not": Published("kb search --why-not LESSON --json", WhyNot),
    "similar": Published("kb similar --json", SimilarAnswer),
    "brief": Published("kb brief --json", Brief),
    "show": Published("kb show --json", ShownLesson),
    "list": Published("kb list --json", list[ListedLesson]),
    "who": Published("kb who --json", WhoAnswer),
    "impact": Published("kb impact --json", ImpactReport),
    "map": Published("kb map --json", TopicMap),
    "map-topic": Published("kb map --topic NAME --json", Topic, (Subject,)),
    "gaps": Published("kb gaps --json", Gaps),
    "gaps-share": Published("kb gaps --share --json", SharedGaps),
    "digest": Published("kb digest --json", Digest),
    "digest-all": Published("kb digest --all --json", list[Digest]),
    "near-duplicates": Published("kb near-duplicates --json", NearDuplicates),
    "stale": Published("kb stale --json", Stale),
    "weekly": Published("kb weekly --json", Weekly),
    "token": Published("kb token list --json", ListedTokens),
    "demand": Published("kb demand --json", DemandState),
    "new": Published("kb new --json", NewDraft),
    "reuse": Published("kb reuse --json", RecordedUse),
    "check": Published("kb check --format json", Checked),
    "eval": Published("kb eval --json", Evaluations),
    "reindex": Published("kb reindex --json", Report),
    "status": Published("kb status --json", Status),
    "rollback": Published("kb rollback --json", KeptSnapshots),
    "gc": Published("kb gc --json", Garbage),
    "doctor": Published("kb doctor --json", Checkup),
}
"""By name; most are the name of a command."""
