"""Make `kb/check/data/tokens.json` anew from the rules of a maintained secret scanner.

    pip install kingfisher-secret-scanner==1.5.0   # Apache-2.0; it carries the rules of Betterleaks (MIT)
    python -m benchmarks.token_forms

What distinguishes a token is taken over: a documented beginning (`sk-ant-`), the word that stands before it
(`datadog`), or a form of its own. The rest is made looser, because services change lengths and alphabets, and
fit for prose, where a full stop or a bracket follows. kb itself never imports the scanner: it is 36 MB, takes half
a second to load its rules, and can call the services whose tokens it finds.
"""

from __future__ import annotations

import importlib
import json
import re
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from itertools import product
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent.parent / "kb" / "check" / "data" / "tokens.json"
LEAST = 20
"""Characters of the shortest token that is taken over: `kb check` looks at no shorter word."""

_SEPARATED = (r"""(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)""", r"""[\x60'"\s=]{0,5}""")
_END = r"""(?:\\?['"\x60]|[\s;]|\\[nr]|$)"""
_NO_SECRET = re.compile(
    r"(?:client|access|application|account|key)-id(?:\.\d)?$|pub(?:lic)?-key|mobile|tenant|endor|test-"
)
# Words that stand before much else; what may take time with the square of the text; forms that kb knows better itself.
_LEFT_OUT = re.compile(
    r"^(?:alibaba|etsy|ovh|box-|woo|wiz|civo|miro-client|hunter|paradigm|lighton|finicity|looker|lark|mistral|linear-client"
    r"|fastly|square-|curl|generic|gcp-(?:app|serv)|hashicorp-tf-p|kubernetes|mongodb-conn|nuget|private-key|sidekiq|jwt-"
    r"|freemius|gitlab-session|gitlab-incoming-mail-a|facebook-a|zai|amplitude|bitly|polymarket|influx|aiven"
    r"|cloudinary|couchbase|authress|flutterwave|temporal)"
)
# Forms that begin with no fixed text, and what stands in each of them.
_WITHIN = {
    "aws-access-token": ["AKIA", "ASIA", "ABIA", "ACCA"],
    "aws-session-token": ["AWS"],
    "azure-ad-client-secret": ["Q~"],
    "azure-app-configuration-connection-string": ["azconfig.io"],
    "azure-servicebus-connection-string": ["servicebus.windows.net"],
    "azure-storage-account-key": ["=="],
    "hashicorp-tf-api-token": [".atlasv1."],
    "jwt": ["eyJ"],
    "maxmind-license-key": ["_mmk"],
    "microsoft-teams-webhook": ["webhook.office.com"],
    "slack-webhook-url": ["hooks.slack.com"],
    "twilio-api-key": ["SK"],
}
_NOUN = re.compile(r"key|token|secret|password|webhook|string|cookie", re.IGNORECASE)
_COMMON = re.compile(
    r"\b(?:Access|Admin|Agent|App(?:lication)?|Authentication|Batch|Bearer|Bot|Client|Collection|Configuration|Deploy"
    r"|Encryption|Fine-Grained|Integration|Job|Keys?|Legacy|Management|Organization|Page|Personal|Pipeline|Platform|Project"
    r"|Publishable|Read|Refresh|Registration|Runner|Secret|Service|Session|Token|Trigger|Update|User|Web|Webhook|Workspace)\b"
)
# What services document and the rules lack, or know in fewer forms: Anthropic's and OpenAI's keys of other kinds,
# Google's "Using OAuth 2.0", PyPI's "Secret reporting", Telegram's "Authenticating your bot", Discord's "Bot tokens".
_BESIDES: tuple[Mapping[str, object], ...] = (
    {"what": "an Anthropic API key", "hints": ["sk-ant-"], "pattern": r"(?<![\w-])sk-ant-[\w-]{20,}"},
    {
        "what": "an OpenAI API key",
        "hints": ["T3BlbkFJ"],
        "pattern": r"(?<![\w-])sk-[A-Za-z0-9]{20}T3BlbkFJ[A-Za-z0-9]{20}",
    },
    {"what": "a Google client secret", "hints": ["GOCSPX-"], "pattern": r"(?<![\w-])GOCSPX-[\w-]{16,}"},
    {"what": "a Google access token", "hints": ["ya29."], "pattern": r"(?<![\w-])ya29\.[\w-]{20,}"},
    {"what": "a PyPI token", "hints": ["pypi-AgE"], "pattern": r"(?<![\w-])pypi-AgE[\w-]{50,}"},
    {"what": "a Telegram bot token", "hints": [":AA"], "pattern": r"(?<![\w:-])\d{8,12}:AA[\w-]{31,36}(?![\w-])"},
    {"what": "a HashiCorp Vault token", "hints": ["hvs."], "pattern": r"(?<![\w-])hvs\.[\w-]{24,}"},
    {"what": "a Mailchimp API key", "hints": ["-us"], "pattern": r"(?<![\w-])[0-9a-f]{32}-us\d{1,2}(?![\w-])"},
    {
        "what": "a Doppler token",
        "hints": ["dp.s", "dp.c", "dp.audit."],
        "pattern": r"(?<![\w-])dp\.(?:st|ct|scim|audit)\.[\w.-]{20,}",
    },
    {"what": "a Fly.io token", "hints": ["fm1", "fm2_"], "pattern": r"(?<![\w-])fm(?:1[ar]|2)_[\w+/=,-]{40,}"},
    {"what": "a HubSpot token", "hints": ["pat-na", "pat-eu"], "pattern": r"(?<![\w-])pat-(?:na|eu)\d-[0-9a-f-]{36}"},
    {"what": "a Netlify token", "hints": ["nfp_"], "pattern": r"(?<![\w-])nfp_[A-Za-z0-9]{32,}"},
    {"what": "a Notion token", "hints": ["secret_"], "pattern": r"(?<![\w-])secret_[A-Za-z0-9]{43}(?!\w)"},
    {"what": "a SonarQube token", "hints": ["squ_", "sqp_", "sqa_"], "pattern": r"(?<![\w-])sq[upa]_[A-Za-z0-9]{32,}"},
    {"what": "a Square token", "hints": ["sq0atp-", "sq0csp-"], "pattern": r"(?<![\w-])sq0(?:at|cs)p-[\w-]{22,}"},
    {"what": "a Tailscale key", "hints": ["tskey-"], "pattern": r"(?<![\w-])tskey-[a-z]+-[\w-]{16,}"},
    {"what": "a Typeform token", "hints": ["tfp_"], "pattern": r"(?<![\w-])tfp_[\w.-]{40,}"},
    {
        "what": "a Discord bot token",
        "before": ["discord"],
        "pattern": r"(?<![\w-])[MNO][\w-]{23,27}\.[\w-]{6}\.[\w-]{27,40}",
    },
)


def forms() -> Iterator[Mapping[str, object]]:
    """Yield the forms that are taken over, by the name of what has them."""
    scanner: Any = importlib.import_module("kingfisher_sdk")
    rules = scanner.Rules(cache=False)
    found = {
        rule["id"].partition(".")[2].removeprefix("secrets/"): rules.detail(rule["id"]) for rule in rules.metadata()
    }
    for name, rule in sorted(found.items()):
        if rule["visible"] and not _NO_SECRET.search(name) and not _LEFT_OUT.search(name):
            yield from _forms_of(name, _what(name, rule["name"]), rule["detection_regex"])
    yield from _BESIDES


def _forms_of(name: str, what: str, pattern: str) -> Iterator[Mapping[str, object]]:
    for_prose = _for_prose(pattern)
    least = _least(for_prose)
    if name in _WITHIN:
        yield {"what": what, "hints": _WITHIN[name], "pattern": for_prose}
    elif all(part in pattern for part in _SEPARATED):
        own = _beginnings(_secret(pattern))
        before = re.match(r"\(\?i:?\)?\(\?:([\w|-]{4,})", pattern)
        if re.search(r"[A-Z].{3}.*[_.-]$", own[0]):
            yield from _begun(what, own, least)
        elif before and least >= LEAST:
            yield {"what": what, "before": before[1].lower().split("|"), "pattern": for_prose}
    elif all(re.search(r"[A-Za-z]{2}.*[_.:-]$", beginning) for beginning in _beginnings(pattern)):
        yield from _begun(what, _beginnings(pattern), least)
    elif least >= LEAST and all(len(beginning) >= 3 for beginning in _beginnings(pattern)):
        yield {"what": what, "hints": _beginnings(pattern), "pattern": for_prose}


def _begun(what: str, beginnings: list[str], least: int) -> Iterator[Mapping[str, object]]:
    """Yield a form for each beginning: as long as the rule says, or shorter if the beginning alone is unmistakable.

    Keys that services issue for trying things out are no secrets.
    """
    for beginning in beginnings:
        rest = least - len(beginning)
        if len(beginning) >= 5:
            rest = max(min(rest, 16), LEAST - len(beginning))
        if "_test_" in beginning.lower() or len(beginning) + rest < LEAST:
            continue
        yield {"what": what, "hints": [beginning], "pattern": rf"(?<![\w-]){re.escape(beginning)}[\w.+/=~-]{{{rest},}}"}


def _what(name: str, said: str) -> str:
    """Return what a rule finds, of its sentence `Detected a Foo API Key, which may …`."""
    found = "(?:Detected|Identified|Discovered|Uncovered|Found) "
    found += "(?:a pattern (?:that (?:resembles|may indicate)|resembling) )?"
    bare = re.sub(rf"^(?:{found})?(?:an? )?(?:(?:potential|possible|standalone) )?", "", said)
    bare = re.sub(r" \([^)]*\)", "", bare)
    bare = re.split(r",| posing| potentially| which| that |\.$|\. | provided| paired| version \d", bare)[0]
    if " is a " in bare or not _NOUN.search(bare):
        bare = re.sub(r"\.\d$", "", name).replace("-", " ").capitalize()
    bare = _COMMON.sub(_lower, re.sub(r"\b(?:api|Api)\b", "API", bare.replace("AccessToken", "access token")))
    first = bare.split()[0]
    spelled = first.isupper() and first[0] in "AEFHILMNORSX"
    return (
        f"{'an' if spelled or first[0] in 'AEIOUaeio' or first[:3] in ('npm', 'xAI') else 'a'} {bare.removesuffix('s')}"
    )


def _lower(word: re.Match[str]) -> str:
    return word[0].lower()


def _beginnings(pattern: str) -> list[str]:
    """Return the fixed texts with which a pattern begins: `(?:sk|rk)_live_` has two."""
    rest = re.sub(r"^(?:\(\?[ix]\)|\\b|\((?!\?)|\(\?i:|\(\?:\^\|\[[^]]*\]\))*", "", pattern)
    parts: list[list[str]] = []
    while step := re.match(
        r"(?:\(\?i\))?(?:\(\?:([\w|-]+)\)|\[([a-z]{2,3})\]|([A-Za-z0-9_:~!-]|\\[-.+]))(?![?*+{])", rest
    ):
        parts.append([*step[2]] if step[2] else (step[1] or step[3].lstrip("\\")).split("|"))
        rest = rest[step.end() :]
    return ["".join(chosen) for chosen in product(*parts)]


def _for_prose(pattern: str) -> str:
    """Return a pattern of Go or Rust as one of Python, with an end that any sign may follow."""
    pattern = pattern.replace(_END, r"(?![\w-])").replace(r"\z", r"\Z").replace("[[:alnum:]]", "[A-Za-z0-9]")
    while (at := pattern.find("(?i)", 1)) > 0:  # Python wants flags in front, or for a group
        end = at + _group_end(pattern[at:])
        pattern = f"{pattern[:at]}(?i:{pattern[at + 4 : end]}){pattern[end:]}"
    return pattern


def _secret(pattern: str) -> str:
    """Return a pattern's first group that keeps what it finds, or all of it."""
    group = re.search(r"(?<!\\)\((?!\?)", pattern)
    return pattern[group.end() :][: _group_end(pattern[group.end() :])] if group else pattern


def _group_end(pattern: str) -> int:
    """Return where the group ends whose inside a pattern begins with."""
    depth, is_class = 0, False
    for sign in re.finditer(r"\\.|[()\[\]]", pattern):
        if sign[0] in ("[", "]"):
            is_class = sign[0] == "["
        elif not is_class and sign[0] in ("(", ")"):
            depth += 1 if sign[0] == "(" else -1
        if depth < 0:
            return sign.start()
    return len(pattern)


def _least(pattern: str) -> int:
    """Return how many characters a pattern's secret has at least."""
    parser: Any = importlib.import_module("re._parser")
    return int(parser.parse(_secret(pattern)).getwidth()[0])


def main() -> None:
    found = {str(form["pattern"]): form for form in reversed([*forms()])}
    lines = ",\n".join(json.dumps(form, ensure_ascii=False) for form in reversed(found.values()))
    source = f"kingfisher-secret-scanner {version('kingfisher-secret-scanner')}; see NOTICE"
    DATA.write_text(f'{{"source": {json.dumps(source)},\n"forms": [\n{lines}\n]}}\n', "utf-8")


if __name__ == "__main__":
    main()
