"""A digest as a mail (RFC 5322): text, and the same as HTML."""

from __future__ import annotations

import re
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP

from kb.digest.digest import Digest
from kb.digest.origin import Origin
from kb.digest.pages.html import html
from kb.digest.pages.markdown import markdown
from kb.digest.pages.sections import title_of
from kb.visible import visible
from kb.wording import shortened

_LONGEST_SUBJECT = 150
_POLICY = SMTP.clone(cte_type="7bit")  # not every server takes eight bits
_NO_LABEL = re.compile("[^a-z0-9]+")


def message_of(digest: Digest, to: str, sender: str, origin: Origin, now: datetime) -> EmailMessage:
    """Return the mail. `to` and `sender` are plain addresses, an empty sender leaves out what needs it.

    The Message-ID depends only on reader and period: if a mail is sent twice, programs show it once.
    """
    message = EmailMessage(policy=_POLICY)
    domain = sender.rpartition("@")[2] or "localhost"
    if sender:
        message["From"] = sender
        # RFC 2369. A person reads this, so there is no List-Unsubscribe-Post, which promises a program (RFC 8058).
        message["List-Unsubscribe"] = f"<mailto:{sender}?subject=unsubscribe%20{_label(digest.reader)}>"
    message["To"] = to
    message["Subject"] = subject_of(digest)
    message["Date"] = now
    message["Message-ID"] = f"<{origin.id_of(_name(digest))}@{domain}>"
    message["List-Id"] = f"<{_label(digest.reader)}.{_label(digest.library)}.{domain}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no answer that somebody is away
    message.set_content(markdown(digest) + "\n")
    message.add_alternative(html(digest), subtype="html")
    return message


def subject_of(digest: Digest) -> str:
    """Return the subject, on one line."""
    return shortened(" ".join(visible(title_of(digest)).split()), _LONGEST_SUBJECT)


def _name(digest: Digest) -> str:
    since = digest.since.id if digest.since else ""
    return f"mail:{digest.reader}:{since}:{digest.until.id}"


def _label(text: str) -> str:
    """Return a name as a label of a domain (RFC 2919)."""
    return _NO_LABEL.sub("-", text.casefold()).strip("-")[:60] or "all"
