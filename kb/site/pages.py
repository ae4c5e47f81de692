"""All pages of a site, in the order in which they are made."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from html import escape
from typing import Any, NamedTuple

from ingest.lesson import Lesson
from kb.gains.page import TITLE as IMPACT
from kb.gains.page import contents_of
from kb.gains.report import ImpactReport
from kb.pages.library import Said, Shell, lesson_html
from kb.pages.page import fragment, library_style, render_in
from kb.pages.rendering import rendered
from kb.showing.page import view_of
from kb.site.addresses import root_from, topic_page
from kb.site.content import Content
from kb.site.finding import SCRIPT, search_pages
from kb.site.folder import Page
from kb.site.links import Links
from kb.site.lists import ListPage, Row, pages_of, row_of
from kb.site.request import SiteRequest
from kb.site.topics import Group, groups_of, largest, lead_of, lessons_of, notes_of, thinnest
from kb.topics.report import TopicMap
from kb.visible import visible
from kb.wording import counted
from search.engine import BrowserIndex

_NEWEST, _TOPICS, _THIN, _CLOUD = 10, 8, 5, 30
_LONGEST_DESCRIPTION = 300


class Plot(NamedTuple):
    """A picture of ours in a file."""

    source: str
    alternative: str


@dataclass(frozen=True)
class SitePages:
    """Makes the pages of one site."""

    content: Content
    topics: TopicMap
    impact: ImpactReport
    index: BrowserIndex
    moved: Mapping[str, str]
    """Page of a lesson by the page that it had before."""
    feed: Page | None
    request: SiteRequest

    def every(self) -> Iterator[Page]:
        """Yield all pages; the site map is the last, because it names the others."""
        yield Page(".nojekyll", b"")
        yield Page("style.css", library_style().encode())
        yield from search_pages(self.index, self.content.lessons, self.content.addresses)
        named: list[str] = []
        for page in self._to_read():
            named.append(page.path)
            yield page
        yield from self._moved()
        yield self._rendered("404.html", "library/missing.html", "Nothing here", is_found=False)
        if self.feed:
            yield self.feed
        yield Page("robots.txt", self._robots().encode())
        if self.request.base and not self.request.hidden:
            yield Page("sitemap.xml", _site_map(self.request.base, named).encode())

    def _to_read(self) -> Iterator[Page]:
        yield self._start()
        yield from self._lists("lessons.html", "All lessons", self._rows)
        yield from self._topic_pages()
        if self.impact.entries:
            yield from self._impact()
        yield from self._group_pages("units", self.content.units, self.content.addresses.unit)
        yield from self._group_pages("tags", self.content.tags, self.content.addresses.tag)
        links = Links(self.content)
        yield from (self._lesson(lesson, links) for lesson in self.content.lessons)
        yield from links.pictures

    @cached_property
    def _rows(self) -> list[Row]:
        return [row_of(lesson, self.content.addresses) for lesson in self.content.lessons]

    @cached_property
    def _row_of(self) -> Mapping[str, Row]:
        return {lesson.id: row for lesson, row in zip(self.content.lessons, self._rows, strict=True)}

    @cached_property
    def _entries(self) -> list[Said]:
        return [
            Said("Search", "index.html"),
            Said("All lessons", "lessons.html"),
            *([Said("Topics", "topics.html")] if self.topics.topics else []),
            *([Said("Impact", "impact.html")] if self.impact.entries else []),
        ]

    def _shell(self, path: str, description: str = "", *, is_found: bool = True) -> Shell:
        base = self.request.base
        return Shell(
            self.content.name,
            root_from(path),
            path,
            self._entries,
            (f"{counted(len(self.content.lessons), 'lesson')}, made with kb",),
            self.feed.path if self.feed else "",
            (SCRIPT,),
            visible(description)[:_LONGEST_DESCRIPTION],
            "noindex" if self.request.hidden or not is_found else "",
            f"{base}{path}" if base and is_found else "",
        )

    def _rendered(self, path: str, template: str, title: str, *, is_found: bool = True, **values: Any) -> Page:
        shell = self._shell(path, is_found=is_found)
        if not is_found and self.request.base:  # the server shows it at any address
            shell = shell._replace(root=self.request.base)
        return Page(path, _clean(render_in(shell, template, title, **values)))

    def _start(self) -> Page:
        clouds = [
            (name, [Said(one, address(one), f"{len(lessons):,}") for one, lessons in [*groups.items()][:_CLOUD]])
            for name, groups, address in (
                ("units", self.content.units, self.content.addresses.unit),
                ("tags", self.content.tags, self.content.addresses.tag),
            )
        ]
        shell = self._shell("index.html", lead := lead_of(self.topics)[0])._replace(has_box=True)
        page = render_in(
            shell,
            "library/start.html",
            self.content.name,
            lead=lead if self.content.lessons else "There are no lessons yet.",
            newest=self._rows[:_NEWEST],
            every="lessons.html",
            topics=largest(self.topics, _TOPICS),
            thin=thinnest(self.topics, _THIN),
            clouds=clouds,
        )
        return Page("index.html", _clean(page))

    def _lists(self, path: str, title: str, rows: Sequence[Row], notes: Sequence[str] = ()) -> Iterator[Page]:
        for page in pages_of(path, title, rows, notes):
            yield self._list(page)

    def _list(self, page: ListPage) -> Page:
        return Page(page.path, _clean(render_in(self._shell(page.path), "library/list.html", page.title, page=page)))

    def _topic_pages(self) -> Iterator[Page]:
        if not self.topics.topics:
            return
        lead, notes = lead_of(self.topics)
        sections = [*groups_of(self.topics)]
        yield self._rendered("topics.html", "library/groups.html", "Topics", lead=lead, notes=notes, sections=sections)
        by_path = {lesson.path: lesson for lesson in self.content.lessons}
        for topic in self.topics.topics:
            rows = [self._row_of[lesson.id] for lesson in lessons_of(topic, by_path)]
            title = topic.label[:1].upper() + topic.label[1:]
            yield from self._lists(topic_page(topic.number), title, rows, notes_of(topic, self.topics))

    def _impact(self) -> Iterator[Page]:
        """Yield the page on impact and its pictures, which are files of their own: the page stays small."""
        contents = contents_of(self.impact)
        sections = []
        for section in contents["sections"]:
            picture = section.picture
            if picture:
                page = Page(f"picture/{sha256(picture.svg).hexdigest()[:20]}.svg", picture.svg)
                yield page
                picture = Plot(page.path, picture.alternative)
            sections.append({**section._asdict(), "picture": picture})
        yield self._rendered("impact.html", "impact.html", IMPACT, **{**contents, "sections": sections})

    def _group_pages(
        self, name: str, groups: Mapping[str, Sequence[Lesson]], address: Callable[[str], str]
    ) -> Iterator[Page]:
        if not groups:
            return
        lines = [Said(one, address(one), counted(len(lessons), "lesson")) for one, lessons in groups.items()]
        lead = counted(len(groups), name.removesuffix("s"))
        sections = [Group("", lines)]
        yield self._rendered(
            f"{name}.html", "library/groups.html", name.capitalize(), lead=lead, notes=(), sections=sections
        )
        pages: dict[str, list[Row]] = {}
        titles: dict[str, str] = {}
        for one, lessons in groups.items():
            pages.setdefault(address(one), []).extend(self._row_of[lesson.id] for lesson in lessons)
            titles.setdefault(address(one), one)
        for path, rows in pages.items():
            yield from self._lists(path, titles[path], rows)

    def _lesson(self, lesson: Lesson, links: Links) -> Page:
        path = self.content.addresses.pages[lesson.id]
        shell = self._shell(path, lesson.summary)
        body = rendered(self.content.text(lesson), links.of(lesson, shell.root), title=lesson.title)
        view = view_of(
            lesson, self.content.beside(lesson), body, self.content.addresses, self.content.titles.__getitem__
        )
        return Page(path, _clean(lesson_html(view, shell)))

    def _moved(self) -> Iterator[Page]:
        title_of = {page: self.content.titles[id_] for id_, page in self.content.addresses.pages.items()}
        for before, now in self.moved.items():
            address = f"{root_from(before)}{now}"
            yield Page(before, _clean(fragment("library/moved.html", address=address, title=title_of[now])))

    def _robots(self) -> str:
        rule = "Disallow: /" if self.request.hidden else "Allow: /"
        place = f"\nSitemap: {self.request.base}sitemap.xml" if self.request.base and not self.request.hidden else ""
        return f"User-agent: *\n{rule}{place}\n"


def _clean(html: str) -> bytes:
    return visible(html).encode("utf-8", "replace")


def _site_map(base: str, paths: Sequence[str]) -> str:
    pages = "\n".join(f"<url><loc>{escape(base + path)}</loc></url>" for path in paths if path.endswith(".html"))
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    return f"{head}\n{pages}\n</urlset>\n"
