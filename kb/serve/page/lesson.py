"""The page of a lesson."""

from __future__ import annotations

from ingest.lesson import Lesson
from kb.pages.library import Part, Said, lesson_html
from kb.pages.rendering import rendered
from kb.retrieval.request import FilterOptions
from kb.retrieval.similar import Subject, analogies
from kb.serve.page.addresses import lesson_page
from kb.serve.page.frame import Place
from kb.serve.page.library import Library
from kb.serve.writing.form_page import UseForm
from kb.serve.writing.permission import Permission
from kb.showing.page import view_of
from kb.site.links import Links

_SIMILAR = 5
_NO_FILTERS = FilterOptions()


def lesson_page_of(library: Library, lesson: Lesson, place: Place, permission: Permission) -> str:
    """Return the page of a lesson of the library, with a form for its use if that may be recorded."""
    content = library.content
    links = Links(content)
    body = rendered(content.text(lesson), links.of(lesson, place.root), title=lesson.title)
    library.show_pictures(links.pictures_by_path)
    view = view_of(lesson, library.beside(lesson), body, content.addresses, content.titles.__getitem__)
    shown = [part for part in view.parts if part.id != "history"]
    last = [part for part in view.parts if part.id == "history"]
    similar = library.remembered(("similar", lesson.id), lambda: _similar(library, lesson))
    alike = [Part("similar", "Similar lessons", similar)] if similar else []
    view = view._replace(parts=[*shown, *alike, *last])
    use = UseForm(f"{place.root}{lesson_page(lesson.id)}/used", permission)
    return lesson_html(view, place.shell()._replace(description=""), id=lesson.id, use=use)


def _similar(library: Library, lesson: Lesson) -> list[Said]:
    """Return the lessons most like a lesson that are like it at all."""
    base = library.base
    subject = Subject(lesson, base.text(lesson), indexed=True)
    with base.open() as index:
        found = analogies(index.searcher, subject, _NO_FILTERS, limit=_SIMILAR, changed_since=0)
    relevant = (result.lesson for result in found.answer.results if result.relevance.is_relevant)
    return [library.named(one.id, " · ".join(filter(None, (one.unit, one.date)))) for one in relevant]
