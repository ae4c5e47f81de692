"""Lessons written to do harm to who reads them in a browser."""

from __future__ import annotations

ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "[click](javascript:alert(1))",
    "[click](JaVaScRiPt&colon;alert(1))",
    "[click](java\tscript:alert(1))",
    "[click](data:text/html;base64,PHNjcmlwdD4=)",
    "[click](vbscript:msgbox)",
    "[click](//example.org/x)",
    "[click](\\\\example.org\\x)",
    "[click](file:///etc/passwd)",
    "![p](javascript:alert(1))",
    "![p](http://example.org/pixel.png)",
    '![p](x "onerror=alert(1)")',
    "<a href=javascript:alert(1)>x</a>",
    "<b onclick=alert(1)>x</b>",
    "<style>*{display:none}</style>",
    "<form action=http://example.org><input name=q></form>",
    "<base href=http://example.org/>",
    "<meta http-equiv=refresh content='0;url=http://example.org'>",
    "&#60;script&#62;alert(1)&#60;/script&#62;",
    '"><script>alert(1)</script>',
    "</title><script>alert(1)</script>",
    "{{ 7 * 7 }} {% raw %}",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "[[javascript:alert(1)|x]]",
    "text \u202e reversed &#x202e; \x1b[31m",
    "```<script>\n<script>alert(1)</script>\n```",
    "<details open ontoggle=alert(1)>x",
    "[x]: javascript:alert(1)\n[x]",
    '# <img src=x onerror=alert(1)> {#a" onclick=alert(1)}',
    "| <script> | b |\n|---|---|\n| <img src=x onerror=alert(1)> | c |",
    "[^1] text\n\n[^1]: <script>alert(1)</script>",
    "<b>never closed",
    "</article></main><h1>mine</h1>",
]
FRONT = """\
---
title: {0}
id: {0}
unit: {0}
summary: {0}
tags: [{0}]
status: {0}
answers: [{0}]
applies_when: [{0}]
related: [{0}]
supersedes: [{0}]
people: [{{name: {0}, role: {0}, contact: {0}}}]
impact: [{{area: {0}, metric: {0}, before: 2, after: 1, unit: {0}, design: pre-post, note: {0}}}]
reused: [{{lesson: {0}, outcome: {0}, note: {0}, saved: {0}}}]
history: [{{date: {0}, what: {0}, by: {0}, because: {0}}}]
---
"""


def hostile(number: int) -> str:
    """Return a lesson that has an attack in its text and in each key of its front matter."""
    attack = ATTACKS[number]
    quoted = (
        '"'
        + attack.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ").replace("\x1b", "").replace("\t", " ")
        + f' {number}"'
    )
    return FRONT.format(quoted) + f"# Lesson {number}\n\n{attack}\n\n## {attack}\n\n- {attack}\n\n> {attack}\n"
