"""Certificates are checked: who they are of, and who signed them."""

from __future__ import annotations

import shutil
import ssl
import subprocess
from pathlib import Path

import pytest

from kb.system.web.answer import Answer, State
from tests.web.sites import ask, manner, site, status

REFUSED = Answer(State.FAILED, "no valid certificate or encryption")
NAMES = {"a.kb-one.org": ("127.0.0.1",), "b.kb-one.org": ("127.0.0.1",)}


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for one name, signed by itself, with its key."""
    if not (openssl := shutil.which("openssl")):
        pytest.skip("needs the program openssl")
    folder = tmp_path_factory.mktemp("certificate")
    key, file = folder / "key.pem", folder / "certificate.pem"
    made = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", key, "-out", file)
    of = ("-days", "2", "-subj", "/CN=a.kb-one.org", "-addext", "subjectAltName=DNS:a.kb-one.org")
    subprocess.run([openssl, "req", "-x509", *made, *of], check=True, capture_output=True)
    file.write_text(file.read_text() + key.read_text())
    return file


def encrypted(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def test_a_certificate_must_be_trusted_and_of_that_name(certificate: Path) -> None:
    with site(lambda method, path: status(404), encrypted(certificate)) as server:
        urls = [f"https://{host}:{server.port}/" for host in ("a.kb-one.org", "b.kb-one.org", "127.0.0.1")]
        trusted = ask(manner(server, names=NAMES, trusted=str(certificate)), *urls)
        assert trusted == [Answer(State.GONE, "404", 404), REFUSED, REFUSED]
        assert ask(manner(server, names=NAMES), *urls) == [REFUSED] * 3
    assert server.asked == ["HEAD /", "GET /"]


def test_a_server_without_encryption() -> None:
    with site(lambda method, path: status(200)) as server:
        assert ask(manner(server), f"https://127.0.0.1:{server.port}/") == [REFUSED]
