"""Sends each reader their digest, and records it only when it was accepted."""

from __future__ import annotations

from collections.abc import Iterator
from email.message import EmailMessage
from typing import NamedTuple

from kb.digest.digests import Digests, ForReader
from kb.digest.mail.message import message_of
from kb.digest.mail.settings import sender_of, settings_of
from kb.digest.mail.transport import Transport, transport_of
from kb.errors import CannotSend


class Letter(NamedTuple):
    """The mail of one reader."""

    content: ForReader
    message: EmailMessage | None
    """None if there is nothing new, no address, or an error."""
    error: str = ""


def letters(digests: Digests, name: str | None, since: str | None) -> Iterator[Letter]:
    """Yield what each reader would get; nothing is sent."""
    sender = sender_of()
    for one in digests.for_readers(name, since):
        message = None
        if one.digest and one.to and not one.digest.is_empty:
            message = message_of(one.digest, one.to, sender, digests.origin, digests.now)
        yield Letter(one, message, one.error)


def send_all(digests: Digests, name: str | None, since: str | None) -> Iterator[Letter]:
    """Send each reader their mail, and yield it, or why it was not sent.

    The record is written after each mail: if the process ends in between, one mail at most is sent again. Raises
    `CannotSend`, `Locked`, `CannotWrite` and, if lessons could be missed, `IndexUnusable`, before anything is sent.
    """
    settings = settings_of()
    transport = transport_of(settings)
    with digests.remembered.held():
        digests.require_index()
        for letter in letters(digests, name, since):
            yield _sent(digests, letter, settings.sender, transport)


def _sent(digests: Digests, letter: Letter, sender: str, transport: Transport) -> Letter:
    reader = letter.content
    if letter.error or not reader.to:
        return letter
    if letter.message is not None:
        try:
            transport.send(letter.message, sender, reader.to)
        except CannotSend as error:
            return letter._replace(error=f"subscription {reader.reader!r}: not sent: {error}")
    digests.remember([reader])
    return letter
