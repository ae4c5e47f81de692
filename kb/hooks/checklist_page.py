"""A checklist in Markdown, for a pull request."""

from __future__ import annotations

from kb.hooks.checklist import Checklist, Item
from kb.hooks.lesson_list import title_of
from kb.hooks.links import Links
from kb.hooks.quoting import quoted

HEADING = "Before you merge: did you consider what others learned?"


def checklist_in_markdown(made: Checklist, links: Links) -> str:
    """Return the items as a list of tasks."""
    return "\n".join(_item(item, links) for item in made.items)


def _item(item: Item, links: Links) -> str:
    lesson, ask = item.result.lesson, item.result.ask
    asked = f" Ask {quoted(str(ask))}." if ask else ""
    return f"- [ ] {quoted(item.text)}{asked} From {title_of(item.result)}, {links.place(lesson.path, item.line)}"
