"""How the time of a function grows with its input, for many shapes of text."""

from __future__ import annotations

import gc
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path

SMALL = 4_000
"""Characters; the larger text has `TIMES` as many."""
TIMES = 4
_FLOOR = 0.04
"""Seconds of processor time below which nothing is a nuisance, or would be measured well."""
_MOST = 10.0
"""By how much the time may grow where the text grows `TIMES`-fold; with its square it is 16."""
_TRIES = 6

_TOKENS = Path(__file__).parent.parent / "kb" / "check" / "data" / "tokens.json"
# One unit after the other, each repeated to make a text; `¦` stands between them.
_MARKS = """\
<!--¦<!-- kb:¦<!-- kb: allow ¦-->¦<!-- kb: x -->¦<!-¦<b¦<b>¦</b>¦<script>¦<style¦<?¦<![CDATA[¦</td><td¦<br¦<h1>¦\
&amp¦&#¦{{¦}}¦{%¦${¦{¦}¦[¦]¦](¦](<¦[a]:¦[^1]¦[[¦]]¦[x](y.md¦![¦(¦)¦((¦**¦*¦*a¦__¦_¦_a¦`¦``¦`a¦```¦~~¦~~~¦\\¦\
\\\\¦|¦| a ¦|-¦:-¦|--|¦> ¦>¦>>¦- ¦-¦--¦---¦- a¦+ ¦* ¦1. ¦1) ¦# ¦#¦## a¦===¦:¦a:¦a: b¦a: |¦- a:¦? ¦&a ¦*a ¦!!x ¦\
'¦"¦“¦”¦,¦;¦.¦..¦. ¦…¦!¦?¦/¦//¦://¦a://¦http://¦https://a ¦www.¦@¦a@¦a@b.¦a@b.c ¦a.b¦<a@b.c>¦+¦+4¦+49 ¦%¦=¦==¦\
=>¦0¦1¦12 ¦1.¦1,¦1,000 ¦1.000¦1-¦1/¦2024-01-02 ¦2024¦12:30 ¦5 % ¦5%¦€5 ¦$5¦3x ¦(1) ¦4111 ¦4111-¦DE91 ¦\
DE9110000000¦123-45-¦555-01¦(30) ¦ 1¦A¦A.¦A. ¦Ab, A. ¦AB-¦a¦a ¦ab¦a-¦a.¦a_¦a/¦Z9¦z9Z¦é¦İ¦中¦。¦ก¦\u200b¦\u202e¦\
\x1b¦\x00¦\t¦\t\t¦  ¦    ¦ ¦\xa0¦\x0c"""
_WORDS = """\
password¦password=¦password: ¦password is ¦password for ¦the password ¦passwd ¦pwd=¦pass:¦secret=¦secret: ¦\
token ¦token=¦api_key=¦api key ¦access_key¦mot de passe ¦contraseña ¦密码¦パスワード¦public token=¦| password ¦\
| password | a1b2c3d4e ¦Authorization: ¦bearer ¦basic ¦basic aaaaaaaa¦curl -u ¦-u a:¦ --user a:¦ --password ¦\
 -p¦mysql ¦mysql -p¦sshpass ¦docker login ¦credentials: ¦login: a/¦-----BEGIN PRIVATE KEY-----¦-----BEGIN ¦\
PRIVATE KEY¦AAAA¦kb: allow¦# kb:¦ # kb: proposed¦# kb: allow a: b¦see ¦References: ¦e.g. ¦No. ¦Fig. ¦Journal ¦\
tel. ¦call me at ¦ssn 123-45-6789 ¦from 5 to 6 ¦from ¦by 5 % ¦doubled ¦half ¦saved $5 ¦fell by ¦reduced ¦\
between ¦best ¦great ¦I hope ¦not stated ¦n/a ¦Re: ¦From: ¦Subject: ¦Date: ¦On Mon, A wrote:¦-- ¦Problem: ¦\
Problem ¦**Problem:** ¦# Problem¦1. What? ¦Mr. A ¦A B ¦A B, C ¦January 5, 2024 ¦5 January ¦tags: ¦title: ¦\
people: ¦related: ¦id: ¦see lessons/a.md ¦eyJ¦ey¦=cut¦$$¦\\(¦:::¦[!NOTE]"""


def units() -> list[str]:
    """Return what is repeated: every sign and word that the program looks for begins with one of them."""
    forms = json.loads(_TOKENS.read_bytes())["forms"]
    hints = [hint for form in forms for hint in (*form.get("hints", ()), *form.get("before", ()))]
    return list(dict.fromkeys((*few_units(), *hints)))


def few_units() -> list[str]:
    """Return the same without the beginnings of tokens, of which one is like the others."""
    return [*_MARKS.split("\u00a6"), *_WORDS.split("\u00a6"), "eyJ", "AKIA", "xoxb-", "sk-ant-", "datadog = "]


def shapes(repeated: str) -> Iterator[str]:
    """Yield a unit as it may be repeated: as it is, before blanks, on a line each, as a paragraph each."""
    yield from (repeated, f"{repeated} ", f"{repeated}\n", f"{repeated}\n\n")


def repeat(shape: str, size: int) -> str:
    """Return a text of so many characters; `{n}` in a shape is a number, another each time."""
    if "{n}" not in shape:
        return shape * (size // len(shape) + 1)
    times = size // (len(shape) + 2) + 1
    return "".join(shape.replace("{n}", str(number)) for number in range(times))


def seconds(read: Callable[[], object]) -> float:
    """Return the processor time of a call, without that of collecting garbage."""
    gc.disable()
    try:
        start = time.process_time()
        read()
        return time.process_time() - start
    finally:
        gc.enable()


def grows_too_much(small: Callable[[], object], large: Callable[[], object]) -> bool:
    """Return whether a call takes more than in proportion longer than one that has a quarter of the text.

    Each is tried some times, because a measurement can only be too slow: by what else the machine does.
    """
    if seconds(large) < _FLOOR:
        return False
    quick = slow = float("inf")
    for _ in range(_TRIES):
        quick, slow = min(quick, seconds(small)), min(slow, seconds(large))
        if slow < _FLOOR or slow < quick * _MOST:
            return False
    return True
