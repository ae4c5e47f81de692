"""Takes out of an answer what an agent must not read: secrets, hidden characters, people who have opted out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import lru_cache
from typing import Any, NamedTuple

from ingest.files.corpus import Corpus
from ingest.files.decoding import decode
from ingest.problem import Unreadable
from kb.check.groups.secrets import KEY, secrets_in
from kb.people.directory import Directory
from kb.visible import visible

NAMES_SOMEBODY = "[left out: it names somebody who does not want to be named]"
_HANDLES = frozenset({"id", "path", "lesson", "snapshot", "built", "commit"})
"""Keys whose values name a lesson or an index: changed, they would name nothing."""
_WORDS = frozenset({"terms", "weights", "unknown_words", "also_searched"})
"""Keys of single words of a text, of which two may be a name again."""
_REST_OF_KEY = re.compile(
    r"[A-Za-z0-9+/=\s\\>|]*+-----END [A-Z ]{0,60}-----|[A-Za-z0-9+/=]*+(?:(?:\s|\\n|[>|])++[A-Za-z0-9+/=]{20,}+)*+"
)
"""Up to the end, or as far as it looks like a key."""
_SHORTEST = 4
_SHORTEST_WITH_NAME = 10
"""Of a secret with the word that says what it is, as in `pin: 12345`; most words of an answer are shorter."""
_MOST_FILES = 40


class Cleaner(NamedTuple):
    """Cleans the answers from one library."""

    corpus: Corpus
    directory: Directory
    """Who does not want to be named."""

    def clean(self, record: Any) -> Any:
        """Return a record without what must not be read; a secret becomes as many asterisks.

        The files of its lessons are searched too: in a snippet alone nothing may say that a word is a password.
        """
        return self._cleaned(record, "", self._secrets_of_lessons(record))

    def _secrets_of_lessons(self, record: Any) -> list[str]:
        found: set[str] = set()
        for path in list(dict.fromkeys(_paths_in(record)))[:_MOST_FILES]:
            with suppress(Unreadable):
                found |= _secrets_of(decode(self.corpus.read(path)).text)
        return sorted(found, key=len, reverse=True)

    def _cleaned(self, value: Any, key: str, secrets: list[str]) -> Any:
        if isinstance(value, str):
            return visible(value) if key in _HANDLES else self.text(value, key, secrets)
        if isinstance(value, dict):
            return self._cleaned_object(value, key, secrets)
        if isinstance(value, (list, tuple)):
            kept = self._speakable(value, secrets) if key in _WORDS else value
            return [self._cleaned(one, key, secrets) for one in kept]
        return value

    def _cleaned_object(self, value: dict[Any, Any], key: str, secrets: list[str]) -> dict[str, Any]:
        names = self._speakable(value, secrets) if key in _WORDS else value
        cleaned = {self.text(str(name), "", secrets): self._cleaned(value[name], str(name), secrets) for name in names}
        is_moved = "marks" in value and len(str(cleaned.get("snippet"))) != len(str(value.get("snippet")))
        return cleaned | ({"marks": []} | ({"nearest": None} if "nearest" in value else {}) if is_moved else {})

    def _speakable(self, words: Iterable[Any], secrets: list[str]) -> list[Any]:
        """Return the words, each taken out of its text, that are no part of a secret or of a name to be kept."""
        hides = self.directory.withholds and not self.directory.hides_all
        hidden = {part for secret in secrets for part in re.findall(r"\w+", secret)} | set(secrets)
        return [
            word
            for word in words
            if hidden.isdisjoint([str(word), *re.findall(r"\w+", str(word))])
            and not (hides and any(map(self.directory.may_be_part_of_hidden, str(word).split())))
        ]

    def text(self, text: str, key: str = "", secrets: list[str] | None = None) -> str:
        """Return a text without what must not be read; `key` is what the front matter calls it."""
        head = f"{key}: " if key else ""
        masked = _masked(head + text)[len(head) :] if len(head + text) >= _SHORTEST_WITH_NAME else text
        for secret in secrets or ():
            masked = masked.replace(secret, "*" * len(secret))
        return visible("\n".join(map(self._named, masked.split("\n"))))

    def _named(self, line: str) -> str:
        directory = self.directory
        is_hidden = directory.withholds and not directory.hides_all and directory.has_opted_out(line)
        return NAMES_SOMEBODY if is_hidden else line


def _paths_in(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("path"), str):
            yield value["path"]
        for one in value.values():
            yield from _paths_in(one)
    elif isinstance(value, list):
        for one in value:
            yield from _paths_in(one)


def _places(text: str) -> Iterator[tuple[int, int]]:
    for secret in secrets_in(text):
        start, end = secret.place
        if secret.rule is KEY:  # the place ends where the key itself begins
            rest = _REST_OF_KEY.match(text, end)
            end = rest.end() if rest else end
        yield start, end


def _masked(text: str) -> str:
    for start, end in _places(text):
        covered = "".join("\n" if sign == "\n" else "*" for sign in text[start:end])
        text = text[:start] + covered + text[end:]
    return text


@lru_cache(maxsize=256)
def _secrets_of(text: str) -> frozenset[str]:
    found = (line.strip(" >|") for start, end in _places(text) for line in text[start:end].splitlines())
    return frozenset(line for line in found if len(line) >= _SHORTEST)
