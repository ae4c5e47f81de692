"""Digests as mails: what is sent to whom, through what, and what is recorded."""

from __future__ import annotations

import os
import shutil
import ssl
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from email import message_from_bytes, message_from_string
from email.message import EmailMessage
from email.policy import SMTP, default
from pathlib import Path

import pytest

from kb.index.writer import WriterLock
from kb.knowledge_base import KnowledgeBase
from tests.conftest import Make, Run
from tests.git import git
from tests.html_page import check_harmless
from tests.library import FORMS, LABELS, committed, repository
from tests.mail_server import mail_server

pytestmark = pytest.mark.usefixtures("own_git")
SUBSCRIBED = """
[[subscriptions]]
name = "Store: été"
query = "parcels labels fell off boxes"
least = "may-help"
to = "ann@example.com"

[[subscriptions]]
name = "drafts"
where = ["status=draft"]
to = "ben@example.com"

[[subscriptions]]
name = "nobody"
query = "forms"
"""
ANN, BEN = "ann@example.com", "ben@example.com"
Sent = Callable[[], list[tuple[str, EmailMessage]]]


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith(("KB_MAIL", "KB_SMTP", "KB_SENDMAIL"))]:
        monkeypatch.delenv(name)


@pytest.fixture
def root(make: Make) -> Path:
    root = repository(make({}, SUBSCRIBED))
    committed(root, "2025-01-10")
    committed(root, "2025-02-10", {"labels.md": LABELS, "forms.md": f"---\nstatus: draft\n---\n{FORMS}"})
    return root


@pytest.fixture
def sendmail(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Sent:
    """Name a program in place of sendmail; return what it got: its arguments, and the mail.

    It refuses recipients named in the file `refused`.
    """
    box, program = tmp_path / "box", tmp_path / "sendmail"
    box.mkdir()
    program.write_text(
        "#!/bin/sh\nfor to; do :; done\n"
        f'if grep -qs "$to" {tmp_path}/refused; then echo "no such person" >&2; exit 67; fi\n'
        f'n=$(ls {box} | wc -l)\necho "$@" > {box}/$n.args\ncat > {box}/$n.mail\n',
        "utf-8",
    )
    program.chmod(0o755)
    monkeypatch.setenv("KB_SENDMAIL", str(program))
    monkeypatch.setenv("KB_MAIL_FROM", "kb@example.org")

    def sent() -> list[tuple[str, EmailMessage]]:
        found = []
        for args in sorted(box.glob("*.args"), key=lambda path: path.stat().st_mtime_ns):
            number = int(args.stem)
            mail = message_from_bytes((box / f"{number}.mail").read_bytes(), EmailMessage, policy=default)
            found.append((args.read_text("utf-8").strip(), mail))
        return found

    return sent


def send(kb: Run, root: Path, *arguments: str) -> str:
    done = kb(root, "digest", "--send", *arguments)
    return f"{done.code}\n{done.err}"


def first_digest(kb: Run, root: Path) -> None:
    """Let each reader's first digest reach back to the first commit."""
    digests = KnowledgeBase(root).digests(datetime.now(UTC))
    since = digests.for_everybody("HEAD~1").digest
    assert since
    assert since.since
    for name in ("Store: été", "drafts"):
        digests.remembered.remember(name, since.since)


def test_nothing_is_sent_without_being_told_to(root: Path, kb: Run, sendmail: Sent) -> None:
    first_digest(kb, root)
    done = kb(root, "digest", "--mail")
    assert (done.code, sendmail()) == (0, [])
    assert f"To: {ANN}\nSubject: News of base for Store: été: 1 new\n" in done.out
    assert f"To: {BEN}\n" in done.out
    assert "kb: nobody: no address `to` in kb.toml, so no mail\n" in done.err
    assert kb(root, "digest", "--mail").out == done.out  # it was not recorded


def test_each_reader_gets_their_own_and_only_once(root: Path, kb: Run, sendmail: Sent) -> None:
    first_digest(kb, root)
    said = send(kb, root)
    assert said.startswith("0\n")
    assert f"kb: drafts: sent to {BEN}\n" in said
    (first, ann), (second, ben) = sendmail()
    assert (first, second) == (f"-i -f kb@example.org -- {ANN}", f"-i -f kb@example.org -- {BEN}")
    assert "Labels that fall off" in str(ann)
    assert "Forms nobody reads" in str(ben)
    assert "Labels that fall off" not in str(ben)
    assert "drafts: nothing new, so no mail" in send(kb, root)
    assert len(sendmail()) == 2
    committed(root, "2025-03-10", {"more.md": "---\nstatus: draft\n---\n# More\n"})
    send(kb, root)
    assert [args.rpartition(" ")[2] for args, _ in sendmail()] == [ANN, BEN, BEN]


def test_a_mail_is_text_and_html_with_the_headers_of_a_list(root: Path, kb: Run, sendmail: Sent) -> None:
    first_digest(kb, root)
    send(kb, root)
    (_, ann), _ = sendmail()
    assert (ann["From"], ann["To"], ann["Auto-Submitted"]) == ("kb@example.org", ANN, "auto-generated")
    assert ann["Subject"] == "News of base for Store: été: 1 new"
    assert ann["List-Id"] == "<store-t.base.example.org>"
    assert ann["List-Unsubscribe"] == "<mailto:kb@example.org?subject=unsubscribe%20store-t>"
    assert abs((datetime.now(UTC) - ann["Date"].datetime).total_seconds()) < 600
    assert ann["Message-ID"].endswith("@example.org>")
    assert [part.get_content_type() for part in ann.iter_parts()] == ["text/plain", "text/html"]
    html = ann.get_body(("html",))
    assert html
    check_harmless(html.get_content())
    assert all(len(line) <= 998 for line in ann.as_bytes(policy=SMTP).split(b"\r\n"))
    assert ann.as_bytes().isascii()


def test_a_title_cannot_change_the_header(make: Make, kb: Run, sendmail: Sent) -> None:
    table = '[[subscriptions]]\nname = "a"\nwhere = ["status=draft"]\nto = "ann@example.com"\n'
    root = repository(make({}, table, name="base\nBcc: evil@example.com"))
    committed(root, "2025-01-10")
    committed(root, "2025-02-10", {"a.md": '---\nstatus: draft\ntitle: "x\\r\\nBcc: evil@example.com"\n---\n'})
    assert send(kb, root, "--since", "2025-02-01").startswith("0\n")
    ((_, mail),) = sendmail()
    assert (mail["Bcc"], mail["To"]) == (None, ANN)
    assert "\n" not in mail["Subject"]


@pytest.mark.parametrize("address", ["kb@example.org\nBcc: evil@example.com", "kb", "-oX@example.org", "a b@c.org"])
def test_a_sender_that_is_no_address_is_refused(
    root: Path, kb: Run, sendmail: Sent, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setenv("KB_MAIL_FROM", address)
    assert "KB_MAIL_FROM: expected one plain mail address" in send(kb, root)
    assert sendmail() == []


def test_what_was_not_accepted_is_sent_again(root: Path, kb: Run, sendmail: Sent, tmp_path: Path) -> None:
    first_digest(kb, root)
    (tmp_path / "refused").write_text(ANN, "utf-8")
    said = send(kb, root)
    assert said.startswith("3\n")
    assert "kb: subscription 'Store: été': not sent: " in said
    assert "sendmail failed with 67: no such person" in said
    (tmp_path / "refused").unlink()
    send(kb, root)
    assert [args.rpartition(" ")[2] for args, _ in sendmail()] == [BEN, ANN]


def test_if_it_is_stopped_between_one_mail_at_most_comes_twice(
    root: Path, kb: Run, sendmail: Sent, monkeypatch: pytest.MonkeyPatch
) -> None:
    first_digest(kb, root)
    letters = KnowledgeBase(root).digests(datetime.now(UTC)).send()
    next(letters)
    del letters  # as if the process had ended after the first mail
    send(kb, root)
    assert [args.rpartition(" ")[2] for args, _ in sendmail()] == [ANN, BEN]


def test_a_mail_that_comes_twice_has_one_message_id(root: Path, kb: Run, sendmail: Sent) -> None:
    for _ in range(2):
        first_digest(kb, root)
        send(kb, root)
    ids = [mail["Message-ID"] for _, mail in sendmail()]
    assert (len(ids), len(set(ids))) == (4, 2)


def test_without_a_record_nothing_is_sent(root: Path, kb: Run, sendmail: Sent) -> None:
    record = KnowledgeBase(root).digests(datetime.now(UTC)).remembered.file
    record.parent.parent.mkdir(parents=True, exist_ok=True)
    record.parent.write_text("in the way", "utf-8")
    said = send(kb, root, "--since", "HEAD~1")
    assert said.startswith("3\n")
    assert "without this record no digest is sent" in said
    assert sendmail() == []


def test_two_do_not_send_at_once(root: Path, kb: Run, sendmail: Sent) -> None:
    with KnowledgeBase(root).digests(datetime.now(UTC)).remembered.held():
        said = send(kb, root)
    assert said.startswith("4\n")
    assert "another process is sending digests of this knowledge base" in said


def test_while_the_index_is_behind_nothing_is_sent(root: Path, kb: Run, sendmail: Sent) -> None:
    assert kb(root, "reindex").code == 0
    first_digest(kb, root)
    committed(root, "2025-03-10", {"late.md": "---\nstatus: draft\n---\n# Late\n"})
    with WriterLock(root / ".kb" / "lock").held():
        said = send(kb, root)
    assert said.startswith("5\n")
    assert "kb: the index is behind by 1 lesson; run `kb reindex` first\n" in said
    assert sendmail() == []
    send(kb, root)
    assert "Late" in str(sendmail()[1][1])


def test_a_broken_subscription_hinders_no_other(root: Path, kb: Run, sendmail: Sent) -> None:
    first_digest(kb, root)
    with (root / "kb.toml").open("a", encoding="utf-8") as file:
        file.write('\n[[subscriptions]]\nname = "broken"\nquery = "datee:>=2020 x"\nto = "c@example.com"\n')
    said = send(kb, root)
    assert said.startswith("3\n")
    assert "kb.toml: subscription 'broken': no lesson has a field 'datee'" in said
    assert len(sendmail()) == 2


def test_one_reader_alone(root: Path, kb: Run, sendmail: Sent) -> None:
    first_digest(kb, root)
    assert send(kb, root, "--for", "drafts").startswith("0\n")
    assert [args.rpartition(" ")[2] for args, _ in sendmail()] == [BEN]


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({}, "nobody is named as the sender; set KB_MAIL_FROM to a mail address"),
        ({"KB_SENDMAIL": "/nowhere"}, "there is no program '/nowhere' to send mail; set KB_SENDMAIL to its path"),
        ({"KB_SMTP_HOST": "h", "KB_SMTP_PORT": "x"}, "KB_SMTP_PORT: expected a number from 1 to 65535, got 'x'"),
        ({"KB_SMTP_HOST": "h", "KB_SMTP_SECURITY": "ssl"}, "KB_SMTP_SECURITY: 'ssl' is unknown"),
        (
            {"KB_SMTP_HOST": "h", "KB_SMTP_SECURITY": "none", "KB_SMTP_USER": "me"},
            "`none` would send the password unencrypted to h",
        ),
    ],
)
def test_settings_that_are_missing_or_wrong(
    root: Path, kb: Run, monkeypatch: pytest.MonkeyPatch, settings: dict[str, str], said: str
) -> None:
    for name, value in {**({"KB_MAIL_FROM": "kb@example.org"} if settings else {}), **settings}.items():
        monkeypatch.setenv(name, value)
    found = send(kb, root)
    assert (found[0], said in found, found.count("\n")) == ("2", True, 2), found


def test_kb_toml_names_no_program_and_no_server(root: Path, kb: Run) -> None:
    with (root / "kb.toml").open("a", encoding="utf-8") as file:
        file.write('\n[mail]\nsendmail = "/bin/sh"\n')
    assert "unknown key mail" in send(kb, root)


def smtp(monkeypatch: pytest.MonkeyPatch, port: int, security: str) -> None:
    monkeypatch.setenv("KB_MAIL_FROM", "kb@example.org")
    monkeypatch.setenv("KB_SMTP_HOST", "127.0.0.1")
    monkeypatch.setenv("KB_SMTP_PORT", str(port))
    monkeypatch.setenv("KB_SMTP_SECURITY", security)


def test_a_server_gets_the_mails(root: Path, kb: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    first_digest(kb, root)
    with mail_server(refused=[ANN]) as server:
        smtp(monkeypatch, server.port, "none")
        said = send(kb, root)
        assert said.startswith("3\n")
        assert f"not sent: 127.0.0.1:{server.port}: no such person\n" in said
        ((to, text),) = server.mails
    mail = message_from_string(text, EmailMessage, policy=default)
    assert (to, mail["To"]) == (BEN, BEN)
    assert "Forms nobody reads" in text


def test_without_encryption_nothing_is_sent_unless_allowed(
    root: Path, kb: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    first_digest(kb, root)
    with mail_server() as server:
        smtp(monkeypatch, server.port, "")
        said = send(kb, root)
        assert (said[0], "STARTTLS extension not supported" in said, server.mails) == ("3", True, [])


def test_a_server_that_is_not_there_is_named(root: Path, kb: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    first_digest(kb, root)
    with mail_server() as server:
        port = server.port
    smtp(monkeypatch, port, "none")
    said = send(kb, root)
    assert (said[0], f"127.0.0.1:{port}: Connection refused" in said) == ("3", True)


@pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl here, to make a certificate")
def test_a_connection_is_encrypted_and_the_server_known(
    root: Path, kb: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    first_digest(kb, root)
    key, known = tmp_path / "key.pem", tmp_path / "known.pem"
    request = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=here"]
    places = ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(known)]
    subprocess.run(["openssl", *request, *places], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(known, key)
    with mail_server(certificate=context) as server:
        smtp(monkeypatch, server.port, "starttls")
        assert "certificate verify failed" in send(kb, root, "--for", "drafts")
        assert server.mails == []
        monkeypatch.setenv("SSL_CERT_FILE", str(known))
        assert send(kb, root, "--for", "drafts").startswith("0\n")
        assert (len(server.mails), server.secured) == (1, [True])


def test_a_message_is_not_sent_to_a_person_of_another_branch_twice(root: Path, kb: Run, sendmail: Sent) -> None:
    first_digest(kb, root)
    send(kb, root)
    git(root, "switch", "-q", "-c", "side", "HEAD~1")
    committed(root, "2025-02-20", {"labels.md": LABELS, "forms.md": f"---\nstatus: draft\n---\n{FORMS}"})
    send(kb, root)
    assert len(sendmail()) == 2
