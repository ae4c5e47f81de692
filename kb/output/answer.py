"""Prints the result of a search, in the requested form.

To add a form, add an entry to `FORMS`; its command line option is made from that.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from kb.errors import Exit
from kb.output.form import JSON, Form, print_json, print_text
from kb.visible import json_text

if TYPE_CHECKING:
    from kb.retrieval.answer import Answer
    from kb.retrieval.batch import Answered
    from kb.retrieval.why_not import WhyNot
    from kb.upkeep.changes_since import ChangesSince

Notify = Callable[[str], None]


class Writer(NamedTuple):
    """Serializes an answer for a program."""

    help: str
    """The help text of the option."""
    write: Callable[[Answer, int], str]
    """Takes the answer, and the number of lessons that have changed since the index was built."""


def _markdown(answer: Answer) -> str:
    from kb.hooks.lesson_list import answer_in_markdown
    from kb.hooks.links import Links

    return answer_in_markdown(answer, Links.of_environment())


FORMS: Mapping[str, Writer] = {
    JSON: Writer("Print one JSON object.", lambda answer, changed: json_text(answer.as_json(changed))),
    "md": Writer("Print Markdown, for an issue, a pull request or a chat.", lambda answer, changed: _markdown(answer)),
}


class View(NamedTuple):
    """How much of an answer a person sees."""

    root: Path
    """The folder of the knowledge base; paths of lessons are relative to it."""
    folders: tuple[str, ...]
    """The folders of the lessons."""
    explain: bool = False
    """Whether the parts of each score are shown."""
    in_full: bool = False
    """Whether every hit is shown in full, also those below the relevance threshold."""
    restricted: bool = False
    """Whether the search was restricted to some of the lessons."""


def print_answer(answer: Answer, form: Form, view: View, changes: ChangesSince, notify: Notify) -> Exit:
    """Print an answer; return `DONE` if it is relevant, else `NOTHING`.

    `notify` is called before with remarks on how the query was understood, and after with the number of changed lessons
    and, if the answer is not relevant, what to try next.
    """
    from kb.terminal.remarks import changed_since, is_for_a_brief, remarks, what_to_try

    for remark in remarks(answer):
        notify(remark)
    if form is None:
        from kb.terminal.answers import draw_answer

        draw_answer(answer, view.root, explain=view.explain, in_full=view.in_full)
    else:
        print_text(FORMS[form].write(answer, changes.count()))
    sys.stdout.flush()  # show the answer before the slower comparison with all files of the corpus
    if changed := changes.count():
        notify(changed_since(changed))
    if form is None and is_for_a_brief(answer):
        notify("for one page on this problem, say `kb brief` instead of `kb search`")
    if answer.relevance.is_relevant:
        return Exit.DONE
    notify(what_to_try(answer, view.folders, restricted=view.restricted))
    return Exit.NOTHING


def print_batch(answers: Iterable[Answered], name: str, changes: ChangesSince, notify: Notify) -> Exit:
    """Print a JSON object for each line of a file as soon as it is answered; `notify` which lines failed, and why."""
    found = failed = False
    for answered in answers:
        print_text(json_text(answered.as_json(changes.count())))
        if answered.answer is None:
            failed = True
            notify(f"{name}:{answered.line}: {answered.error}")
        elif answered.answer.relevance.is_relevant:
            found = True
    return Exit.PARTLY_FAILED if failed else Exit.DONE if found else Exit.NOTHING


def print_why_not(found: WhyNot, form: Form) -> Exit:
    """Print why a lesson is not ranked where the user expects it: as text, or as JSON for a program."""
    if form is None:
        print_text("\n".join(found.lines()))
    else:
        print_json(found)
    return Exit.DONE
