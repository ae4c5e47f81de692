"""Pages at the addresses that lessons had before their files moved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from kb.config import Config, corpus_of
from kb.people.authorship import commits_in
from kb.site.addresses import lesson_page
from kb.site.content import PageAddresses
from kb.system.git import history, is_in_repository
from kb.system.program import ProgramFailed


def moved_pages(config: Config, addresses: PageAddresses) -> Mapping[str, str]:
    """Return the page of the lesson now, by the page that it had under an earlier path; none without git."""
    moved = ((lesson_page(before), addresses.pages[now]) for before, now in moved_ids(config, addresses.ids).items())
    return dict(sorted((old, page) for old, page in moved if old not in addresses.pages.values()))


def moved_ids(config: Config, ids: Mapping[str, str]) -> Mapping[str, str]:
    """Return the id of a lesson now, by the id that it had under an earlier path; none without git.

    `ids` are those of now, by path. A lesson whose front matter has an `id` keeps it when it moves. The id of any other
    is its path.
    """
    if not is_in_repository(config.root):
        return {}
    try:
        log = history(config.root, config.paths, None, renames=True, mailmap=False)
    except ProgramFailed:
        return {}
    id_of = corpus_of(config).default_id
    moves = _now(commit.files for commit in commits_in(log))
    return {id_of(before): ids[now] for before, now in moves.items() if now in ids}


def _now(commits: Iterable[Sequence[tuple[str, str]]]) -> dict[str, str]:
    """Return for each path that was left where its file is now; a path that was taken again is not among them."""
    now: dict[str, str] = {}
    for files in commits:
        moves = {before: after for before, after in files if before and after and before != after}
        for _, after in files:
            now.pop(after, None)
        for old, place in now.items():
            now[old] = moves.get(place, place)
        now |= moves
    return now
