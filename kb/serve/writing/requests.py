"""What a request that writes may say: the same as the options of `kb reuse` and `kb new`."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from kb.reuse.recorded import LONGEST
from kb.reuse.request import ReuseRequest
from kb.serve.api.parameters import MOST_CHARACTERS

_Line = Annotated[str, msgspec.Meta(max_length=LONGEST)]
_Answers = Annotated[
    tuple[_Line, ...], msgspec.Meta(max_length=20, description="Problems that the lesson should be found for.")
]


class UsedLesson(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, rename={"where": "in"}):
    """The use of a lesson."""

    where: Annotated[_Line, msgspec.Meta(description="The id of the later lesson, or in words where it was used.")]
    outcome: Literal["helped", "partly", "did-not-help"]
    note: Annotated[_Line, msgspec.Meta(description="How it helped, or why not.")] = ""
    saved: Annotated[_Line, msgspec.Meta(description="What it saved, with a unit: `12 days`.")] = ""

    def of(self, lesson: str, by: str, key: str) -> ReuseRequest:
        typed = ReuseRequest.typed(lesson, self.where, self.outcome, self.note, self.saved)
        return typed._replace(by=by, key=key)


class NewLesson(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A lesson that is to be written."""

    title: Annotated[_Line, msgspec.Meta(description="The problem in one line; may be left out if notes name it.")] = ""
    template: Annotated[_Line, msgspec.Meta(description="The name of the template for the headings.")] = "lesson"
    answers: _Answers = ()
    notes: Annotated[
        str, msgspec.Meta(max_length=MOST_CHARACTERS, description="Markdown or text from which the draft is filled.")
    ] = ""


class UsedForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The fields of the form on a lesson's page, as they were typed."""

    outcome: str = ""
    where: str = ""
    note: str = ""
    saved: str = ""
    token: str = ""

    def of(self, lesson: str, by: str, key: str) -> ReuseRequest:
        return ReuseRequest.typed(lesson, self.where, self.outcome, self.note, self.saved)._replace(by=by, key=key)
