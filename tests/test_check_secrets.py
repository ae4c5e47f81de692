"""Secrets are found by the forms that services document; what only shows where one goes is none.

Every secret is made up, and put together here from pieces, so that this repository holds none.
"""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.checking import codes, found

DATA = Path(__file__).parent.parent / "kb" / "check" / "data" / "tokens.json"
NOISE = "q7Zt4Lw9Xe2Rk8Vb5Nm1Hc6Jd3Fg0Ps" * 4
LOWER = NOISE.lower()


def joined(*pieces: str) -> str:
    return "".join(pieces)


def web_token(head: object, said: object) -> str:
    parts = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in (head, said)]
    return ".".join([*parts, NOISE[:43]])


HEX = "0f1e2d3c4b5a69788796a5b4c3d2e1f0" * 3
DIGITS = "2481337712046"
CAPITALS = "Q3ZT7LW5XE2RK6VBN4MHCJDFGPSAYUKW"
TOKENS = {
    "AWS access key ID": joined("AK", "IA", CAPITALS[:16]),
    "Anthropic API key": joined("sk-", "ant-api03-", NOISE[:93], "AA"),
    "Atlassian Cloud API token": joined("ATA", "TT3xFfGF0", NOISE[:110]),
    "Azure AD client secret": joined("x9T8", "Q~", NOISE[:34]),
    "Databricks API token": joined("da", "pi", HEX[:32]),
    "DigitalOcean personal access token": joined("dop", "_v1_", HEX[:64]),
    "Docker Hub personal access token": joined("dckr", "_pat_", NOISE[:27]),
    "Doppler API token": joined("dp", ".pt.", NOISE[:43]),
    "Figma personal access token": joined("fi", "gd_", NOISE[:40]),
    "GCP API key": joined("AI", "za", NOISE[:35]),
    "GitHub fine-grained personal access token": joined("github", "_pat_", NOISE[:22], "_", NOISE[22:81]),
    "GitHub personal access token": joined("gh", "p_", NOISE[:36]),
    "GitLab personal access token": joined("gl", "pat-", NOISE[:20]),
    "Google access token": joined("ya", "29.", NOISE[:60]),
    "Google client secret": joined("GOC", "SPX-", NOISE[:28]),
    "Grafana service account token": joined("gl", "sa_", NOISE[:32], "_", HEX[:8]),
    "Groq API key": joined("gs", "k_", NOISE[:52]),
    "HashiCorp Terraform user/org API token": joined(NOISE[:14], ".atlas", "v1.", NOISE[:67]),
    "HashiCorp Vault token": joined("hv", "s.", NOISE[:95]),
    "Heroku platform key": joined("HR", "KU-", NOISE[:60]),
    "Hugging Face access token": joined("h", "f_", "qWeRtZuIoPaSdFgHjKlYxCvBnMqAzWsXeDrF"[2:]),
    "JSON web token": web_token({"alg": "HS256"}, {"sub": "orders"}),
    "Linear API token": joined("lin", "_api_", NOISE[:40]),
    "Mailchimp API key": joined(HEX[:32], "-us", "14"),
    "Netlify token": joined("nf", "p_", NOISE[:36]),
    "New Relic user API key": joined("NR", "AK-", CAPITALS[:27]),
    "Notion API token": joined("nt", "n_", DIGITS[:11], NOISE[:35]),
    "OpenAI API key": joined("sk-", "proj-", NOISE[:74], "T3Blbk", "FJ", NOISE[:74]),
    "Perplexity API key": joined("pp", "lx-", NOISE[:48]),
    "PlanetScale API token": joined("pscale", "_tkn_", NOISE[:43]),
    "Postman API token": joined("PM", "AK-", HEX[:24], "-", HEX[:34]),
    "Pulumi API token": joined("pu", "l-", HEX[:40]),
    "PyPI token": joined("py", "pi-AgE", NOISE[:70]),
    "Rubygem API token": joined("ruby", "gems_", HEX[:48]),
    "SendGrid API key": joined("S", "G.", NOISE[:22], ".", NOISE[22:65]),
    "Sentry.io user token": joined("sntr", "yu_", HEX[:64]),
    "Shopify access token": joined("sh", "pat_", HEX[:32]),
    "Slack app-level token": joined("xa", "pp-1-A", CAPITALS[:10], "-", DIGITS, "-", HEX[:64]),
    "Slack bot token": joined("xo", "xb-", DIGITS[:12], "-", DIGITS, "-", NOISE[:24]),
    "Slack user token": joined("xo", "xp-", f"{DIGITS[:12]}-" * 3, HEX[:32]),
    "Slack webhook": joined("hooks.", "slack.com/services/T", "0Q7ZT4LW9/B", "0E2RK8VB5/", NOISE[:24]),
    "Stripe access token": joined("sk_", "live_", NOISE[:24]),
    "Supabase management token": joined("sb", "p_", HEX[:40]),
    "Tailscale key": joined("ts", "key-auth-", NOISE[:17], "-", NOISE[:32]),
    "Telegram bot token": joined("2481337712", ":AA", NOISE[:33]),
    "Twilio API key": joined("S", "K", HEX[:32]),
    "Vercel personal access token": joined("vc", "p_", NOISE[:56]),
    "npm access token": joined("np", "m_", NOISE[:36]),
    "xAI API key": joined("xa", "i-", NOISE[:80]),
}
PRIVATE = joined("-----BEGIN ", "PRIVATE KEY", "-----")
PW = joined("Tr0ub4", "dor-9q")


@pytest.mark.parametrize("what", TOKENS)
@pytest.mark.parametrize(
    "around", ["logs in with {} every", "`{}`", "(that was {}).", "| {} |", '"{}",', "https://x/?t={}"]
)
def test_a_token_is_found_by_its_form_wherever_it_stands_and_never_repeated(what: str, around: str) -> None:
    token = TOKENS[what]
    written = around.format(token)
    (finding,) = found(f"# Labels\n\nSee {written}\n", "secrets")
    assert (finding.code, finding.severity, finding.line) == ("secrets.token", "error", 3)
    assert finding.column == len("See ") + written.index(token) + 1
    assert f" {what}; revoke it" in finding.message
    assert not any(token[start : start + 5] in finding.message for start in range(len(token) - 20, len(token) - 4))


@pytest.mark.parametrize(
    ("what", "line"),
    [
        ("a Datadog API key", f"DATADOG_KEY: {HEX[:32]}"),
        ("a Mailgun private API token", f"mailgun = key-{HEX[:32]}"),
        ("a Netlify access token", f'"netlify": "{LOWER[:43]}"'),
        ("a Discord bot token", f"the discord bot had {joined('M', NOISE[:23], '.', NOISE[:6], '.', NOISE[:38])}"),
        ("a Snyk API token", f"SNYK_TOKEN={HEX[:8]}-{HEX[:4]}-{HEX[4:8]}-{HEX[:4]}-{HEX[:12]}"),
    ],
)
def test_a_token_without_a_form_of_its_own_is_found_by_the_word_before_it(what: str, line: str) -> None:
    for text in (f"# Labels\n\n{line}\n", f"{line}\n\nIt was there for all to see until last May.\n"):
        (finding,) = found(text, "secrets")
        assert (finding.code, finding.message.partition(";")[0]) == ("secrets.token", f"looks like {what}")


def test_the_list_of_forms_says_where_it_is_from_and_has_no_form_twice() -> None:
    data = json.loads(DATA.read_bytes())
    assert "kingfisher" in data["source"]
    assert (DATA.parent / "NOTICE").read_text("utf-8").count("Copyright") >= 2
    patterns = [form["pattern"] for form in data["forms"]]
    assert len(patterns) == len(set(patterns)) > 300
    for form in data["forms"]:
        assert re.compile(form["pattern"]).groups >= 0
        assert form.keys() in ({"what", "hints", "pattern"}, {"what", "before", "pattern"}), form
        assert re.match(r"an? \S", form["what"]), form


@pytest.mark.parametrize("label", ["RSA ", "EC ", "OPENSSH ", "ENCRYPTED ", ""])
def test_a_private_key_is_found_whatever_its_label(label: str) -> None:
    block = PRIVATE.replace("PRIVATE", f"{label}PRIVATE")
    assert codes(f"# Key\n\n```\n{block}\n{NOISE[:64]}\n```\n", "secrets") == ["key"]
    assert codes(json.dumps({"key": f"{block}\n{NOISE[:64]}"}), "secrets") == ["key"]
    assert codes(f"# Key\n\n> {block}\n> {NOISE[:64]}\n", "secrets") == ["key"]


def test_a_private_key_is_found_below_the_lines_of_its_head() -> None:
    head = "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,3F17F5316E2BAC89A1B2C3D4E5F60718\n"
    assert codes(f"# Key\n\n{PRIVATE}\n{head}\n{NOISE[:64]}\n", "secrets") == ["key"]


@pytest.mark.parametrize(
    "body", ["...", "<your key>", "(removed)", "MII...", "A" * 64, "aB" * 32, f"MIIEowIBEXAMPLE{NOISE[:49]}"]
)
def test_a_private_keys_frame_without_a_key_is_none(body: str) -> None:
    assert codes(f"# Key\n\n{PRIVATE}\n{body}\n", "secrets") == []


@pytest.mark.parametrize(
    "line",
    [
        "password: {}",
        "Password = '{}'",
        "DB_PASSWORD={}",
        '"password": "{}"',
        "the password is {}",
        "**passwd:** {}",
        "--password={} \\",
        "client_secret: `{}`",
        "api-key => {}",
        "postgres://orders:{}@db.brightpaper.net/orders",
        "https://:{}@cache.brightpaper.net",
        "The password for the vault was: {}",
        "The password of the vault,\nas far as I know, is `{}`.",
        "we changed the password to {}",
        "the admin password is now {}",
        "password (root): {}",
        "password for root@db1: {}",
        "- Password for the wiki \u2013 {}",
        "api key of the test system = {}",
        "pw: {}",
        "mdp : {}",
        "access_key: {}",
        "accesskey={}",
        "export DB_PASS={}",
        "PSK = {}",
        "<password>{}</password>",
        "curl -u kurt:{} https://orders.brightpaper.net",
        "curl -usvc:{} https://orders.brightpaper.net",
        "curl --user 'kurt:{}' https://orders.brightpaper.net",
        "curl --proxy-user kurt:{} https://orders.brightpaper.net",
        "redis-cli -h cache -a {}",
        "mysqldump --password {} orders",
        "wget --http-password='{}' x",
        "mysql -u root -p{} orders",
        "sshpass -p {} ssh root@db1",
        "credentials: kurt / {}",
        "Zugangsdaten: kurt:{}",
        "| password | {} |",
        "| **Admin password** | `{}` | since May |",
        "| User | Password |\n|---|---|\n| kurt | {} |",
        "> | Password |\n> |---|\n> | {} |",
        "Das Passwort f\u00fcr den Tresor lautet {}.",
        "WLAN-Kennwort: {}",
        "Le mot de passe du coffre est {}",
        "Mot de passe : {}",
        "La contrase\u00f1a del almac\u00e9n era {}",
        "La password della cassaforte \u00e8 {}",
        "A senha do cofre \u00e9 {}",
        "A palavra-passe foi {}",
        "Het wachtwoord van de kluis is {}",
        "\u5bc6\u7801\uff1a{}",
        "\u5bc6\u78bc\uff1a{}",
        "\u53e3\u4ee4\uff1a{}",
        "\u5bc6\u7801\u662f{}\u3002",
        "\u30d1\u30b9\u30ef\u30fc\u30c9\u306f {} \u3067\u3059",
    ],
)
def test_a_password_is_found_where_it_is_called_one(line: str) -> None:
    written = line.format(PW)
    (finding,) = found(f"# Labels\n\n{written}\n", "secrets")
    before = written[: written.index(PW)].split("\n")
    assert (finding.code, finding.line, finding.column) == ("secrets.password", 2 + len(before), len(before[-1]) + 1)
    assert PW[:5] not in finding.message


@pytest.mark.parametrize(
    "line",
    [
        joined("Authorization: ", "Bearer ", NOISE[:40]),
        joined("-H 'Authorization: ", "Token ", HEX[:40], "'"),
        joined("authorization: ", "basic ", base64.b64encode(b"kurt:Tr0ub4dor-9q").decode()),
    ],
)
def test_what_a_request_logs_in_with_is_a_secret(line: str) -> None:
    assert codes(f"# Labels\n\n```\n{line}\n```\n", "secrets") == ["password"]


PLACEHOLDERS = (
    *("<password>", "***", "********", "xxxxxxxx1", "$DB_PASSWORD", "${DB_PASSWORD}", "%(password)s", "changeme123"),
    *(
        "{{ vault.password }}",
        "your-password-1",
        "example123",
        "hunter2",
        "in the vault",
        "my-secret-token-2",
        "12345678",
    ),
    *("S3cr3t-example", "os.environ['PW1']", "get_password(42)", "014fbff9a07c...", "REDACTED-2024", "aaaa1111", "n/a"),
    *(
        "T4pe9light[the rest]",
        "lib/pass/word2",
        "null",
        "true",
        "kubernetes.io/service-account-token",
        base64.b64encode(b"changeme").decode(),
    ),
)


@pytest.mark.parametrize("value", PLACEHOLDERS)
def test_what_stands_for_a_password_is_none(value: str) -> None:
    assert codes(f"# Labels\n\npassword: {value}\n", "secrets") == []


@pytest.mark.parametrize(
    "text",
    [
        joined("AK", "IA", "IOSFODNN7EXAMPLE"),
        joined("gh", "p_", "x" * 36),
        joined("gh", "p_", "ab1" * 12),
        joined("gl", "pat-", "<your token here>"),
        joined("xo", "xb-", "your-token-here-1"),
        joined("sk_", "live_", "..."),
        "publicKeyToken=6595b64144ccf1df",
        "password policy: 12 characters, at least 2 digits",
        "secretName: orders-tls-2024",
        "https://user:password@host/path",
        "http://orders:orders@localhost:8080",
        "http://orders-48x1:orders-48x1@localhost:8080",
        "ssh://git@brightpaper.net:2222/orders",
        "tokens: 4096",
        "The token bucket holds 128kB",
        joined("sk_", "test_", "4eC39HqLyjWDarjtT1zdp7dc"),
        joined("eyJhbGciOiJIUzI1NiJ9.", "eyJzdWIiOiIxMjM0NTY3ODkwIn0", ".", NOISE[:43]),
        joined("sk-", "ant-api03-", "your-key-goes-here-and-nowhere-else"),
        joined("h", "f_", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        joined("npm_", "package-dependencies-development-mocha-version-7"),
        joined("github_", "pat_", "1234567890abcdefghijklmnopqrstuvwxyz"),
        "Authorization: Bearer <token>",
        "Authorization: Bearer $TOKEN_OF_2024",
        joined("Authorization: ", "Basic ", "QWxhZGRpbjpvcGVuIHNlc2FtZQ=="),
        "Basic authentication-of-2024 is switched off",
        "curl -u kurt:$PASSWORD_42 https://x",
        "docker run -u 1000:1000 --user 1000:1000 image-of-2024",
        "mkdir -p /srv/orders-2024/labels",
        "password: ask Jane",
        'password = "$VAR"',
        "| password | ask Jane |",
        "| User | Password |\n|---|---|\n| kurt2024 | in the vault |",
        "| User | Password |\n|---|---|\n| kurt | see page 4 of the vault |",
        f"| User | Password |\n|---|---|\n| a | in the vault |\n\nThen:\n\n| Job | Ticket |\n|---|---|\n| b | {PW} |",
        "password for the wiki: https://wiki.brightpaper.net/reset-2024",
        "| Issue about a token leak | [#81114](https://github.com/x/y/issues/81114) |",
        "the token was issued at 2024-11-22T07:17:00Z",
        "start of the password reset: 2024-11-22T07:17:00Z",
        "the secret is 10.5MB/s",
        "the token is v1.19.0-rc.1",
        "the token for the release is in kubernetes.io/docs/2024-guide.md",
        "--discovery-token-ca-cert-hash sha256:7c2e69131a36ae2a042a339b33381c6d0d43887e2de83720eff5359e26aec866",
        "Secret\u306f1MiB\u306e\u5bb9\u91cf\u5236\u9650\u304c\u3042\u308a\u307e\u3059\u3002",
        "pass: 12 of 14 tests",
        "login: https://orders.brightpaper.net/login2024",
    ],
)
def test_published_examples_and_other_uses_of_the_words_are_none(text: str) -> None:
    assert codes(f"# Labels\n\n{text}\n", "secrets") == []


def test_a_short_password_is_one_where_it_is_said_where_it_stood() -> None:
    short = joined("hunt", "er2")
    for said in ("was in the script", "stood on the whiteboard", "is still hard-coded"):
        assert codes(f"# Labels\n\nCause: password: {short} {said}\n", "secrets") == ["password"]
    for said in ("step2 is in the guide", "was in the script", "test12 was in the script"):
        assert codes(f"# Labels\n\nCause: password: {said}\n", "secrets") == []


def test_a_password_may_hold_the_signs_that_begin_a_variable() -> None:
    assert codes(f"# Labels\n\npassword: {joined('Tr0ub$4', 'dor%9q*')}\n", "secrets") == ["password"]


def test_one_secret_is_found_once_by_its_best_name() -> None:
    text = f"# Labels\n\ntoken: {TOKENS['GitHub personal access token']}\n"
    assert codes(text, "secrets") == ["token"]


def test_a_secret_in_the_front_matter_is_found_too() -> None:
    assert codes(f"---\nlogin: {TOKENS['GitLab personal access token']}\n---\n# Labels\n", "secrets") == ["token"]


def test_letters_that_lower_to_two_do_not_move_the_place() -> None:
    (finding,) = found(f"# \u0130stanbul\n\npassword: {PW}\n", "secrets")
    assert (finding.line, finding.column) == (3, 11)


@given(st.text(alphabet="abc -=:@/<>`'\"\n.|eyJxogp_tkpassword19u", max_size=200))
def test_any_text_is_looked_at_and_places_are_in_it(text: str) -> None:
    rows = text.split("\n")
    for finding in found(text, "secrets", "privacy", "allowance"):
        assert finding.line <= len(rows)
        assert finding.column <= len(rows[finding.line - 1]) + 1
