"""Prints what is new, in the requested form, and what is sent to whom."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from kb.errors import Exit
from kb.output.form import JSON, Form, print_or_write, print_text
from kb.visible import json_text, visible

if TYPE_CHECKING:
    from kb.digest.digest import Digest
    from kb.digest.digests import Digests, ForReader
    from kb.digest.mail.mailing import Letter

Notify = Callable[[str], None]


class Printer:
    """Prints digests. `notify` gets remarks, and `warn` errors."""

    def __init__(self, digests: Digests, notify: Notify, warn: Notify) -> None:
        self._digests = digests
        self._notify = notify
        self._warn = warn

    def print(self, found: Sequence[ForReader], form: Form, out: Path | None, *, listed: bool) -> Exit:
        """Print digests, with `listed` as a list in JSON, or write them to `out`; raises `CannotWrite`."""
        texts = [FORMS[form](one.digest, self._digests) for one in found if one.digest]
        if form == JSON and listed:
            print_or_write(f"[{', '.join(texts)}]", out, self._notify)
        elif texts:
            print_or_write("\n\n".join(texts), out, self._notify)
        made = [one.digest for one in found if one.digest]
        if made and all(digest.is_empty for digest in made):
            further = "; --since reaches further back" if any(digest.since for digest in made) else ""
            self._notify(f"nothing is new{further}")
        errors = [one.error for one in found if one.error]
        for error in errors:
            self._warn(error)
        return Exit.PARTLY_FAILED if errors else Exit.DONE

    def print_letters(self, letters: Iterable[Letter], *, sent: bool) -> Exit:
        """Print each mail that would be sent, or with `sent` to whom one was."""
        failed = False
        for letter in letters:
            if letter.error:
                failed = True
                self._warn(letter.error)
            elif letter.message is None:
                why = "nothing new" if letter.content.to else "no address `to` in kb.toml"
                self._notify(f"{letter.content.reader}: {why}, so no mail")
            elif sent:
                self._notify(f"{letter.content.reader}: sent to {letter.content.to}")
            else:
                print_text(_shown(letter))
        return Exit.PARTLY_FAILED if failed else Exit.DONE


def _shown(letter: Letter) -> str:
    assert letter.message
    names = ("From", "To", "Subject", "Message-ID", "List-Id", "List-Unsubscribe")
    heads = [f"{name}: {value}" for name in names if (value := letter.message[name])]
    body = letter.message.get_body(("plain",))
    assert body
    return visible("\n".join([*heads, "", body.get_content()]))


def _markdown(digest: Digest, digests: Digests) -> str:
    from kb.digest.pages.markdown import markdown

    return markdown(digest)


def _html(digest: Digest, digests: Digests) -> str:
    from kb.digest.pages.html import html

    return html(digest)


def _atom(digest: Digest, digests: Digests) -> str:
    from kb.digest.pages.feed import MOST_ENTRIES, atom

    return atom(digest, digests.origin, digests.changed(digest, MOST_ENTRIES))


FORMS: Mapping[Form, Callable[[Digest, Digests], str]] = {
    None: _markdown,
    JSON: lambda digest, digests: json_text(digest.as_json()),
    "html": _html,
    "atom": _atom,
}
