"""The commands, and what `kb --help` says of each, so that it imports none of them."""

from __future__ import annotations

from collections.abc import Mapping

SUMMARIES: Mapping[str, Mapping[str, str]] = {
    "find": {
        "search": "Find the lessons for a problem, described in your own words.",
        "brief": "Make one page on a problem: cases, tools, the way to work it out, and whom to call.",
        "similar": (
            "Find the lessons most like a lesson: analogous cases, with what they share and in what they differ."
        ),
        "who": "Find the people to ask about a problem, described in your own words.",
        "show": "Show a lesson: whole, its sections of one kind, or the section at a line.",
        "list": "List the lessons, the newest first, those without a date last.",
        "impact": "Show what the interventions brought, and how well that is shown.",
        "digest": "Show what is new in the library: lessons, impact that was measured, what helped whom.",
        "map": "Show the topics of the library, what each has, and where it is thin.",
        "gaps": "Show what people asked for and the library does not have, and what would close each gap.",
        "open": "Open a lesson in your editor, at the line that was found or named.",
    },
    "write": {
        "lsp": "Help in an editor while a lesson is written: a language server.",
        "new": "Write a lesson: a draft with headings, prompts, and all that is known already.",
        "correct": "Add a question that failed to a lesson's `answers`, and check that the lesson is found now.",
        "promote": "Make a draft `validated`, if it has no error that a validated lesson must not have.",
        "retire": "Mark a lesson as no longer true or useful: it stays findable, says why, and ranks lower.",
        "review": "Record that a lesson is still true, and when to check it again.",
        "reuse": "Record that a lesson was used in a later intervention, and whether it helped.",
        "supersede": "Record in both lessons that NEW replaces OLD: OLD stays findable, names NEW, and ranks below it.",
    },
    "judge": {
        "check": "Check lessons: what is wrong, where, and what to do.",
        "eval": "Measure how well queries find the lessons that were judged relevant to them.",
        "schema": "Print the JSON Schema of front matter, or of what a command prints as JSON.",
    },
    "keep": {
        "init": "Make a knowledge base: kb.toml, a folder of lessons with one example, templates, .gitignore.",
        "reindex": "Bring the index up to date, doing only what is needed.",
        "status": "Show whether the index is up to date, what it holds, and the last runs of the job.",
        "stale": "Show which lessons somebody must look at again, who, and why.",
        "weekly": "Make one page of what came in, what to review, to write and to merge, and what helped.",
        "doctor": "Check whether installation, configuration, index, vector cache and schedule are in order.",
        "near-duplicates": "Find lessons to merge, and show what each has that the others have not.",
        "gc": "Remove what is no longer used: old snapshots, leftovers of stopped runs, vectors of deleted texts.",
        "rollback": "Answer from an earlier snapshot again, if every byte of it is sound.",
        "demand": "Show whether your questions are noted, switch it on or off, or forget them.",
        "schedule": "Print or install a schedule that runs `kb reindex` every night.",
        "hook": "Bring lessons to where a problem is met: issues, pull requests, commits, alerts.",
    },
    "share": {
        "serve": "Answer searches over HTTP, and make `kb search` faster: one process keeps index and model ready.",
        "mcp": "Give the library to agents: a server of the Model Context Protocol.",
        "token": "Make, list, replace and revoke the tokens for a server that others can reach.",
        "site": "Write the library as pages for any web server, with a search that needs none.",
    },
}
"""Folder → command → the first sentence of its help."""

HOOKS: Mapping[str, str] = {
    "alert": "Find the lessons for an alert on standard input: JSON of Alertmanager, PagerDuty and others, or text.",
    "github": "Keep a comment with lessons on the issue or pull request of a workflow's event up to date.",
    "install": "Install a git hook that shows the closest lesson when a commit message is written.",
    "pre-mortem": "Show what earlier lessons advise for a branch, as a checklist before it is merged.",
    "uninstall": "Remove the git hook that `kb hook install` has installed.",
}
"""The commands of `kb hook`, in the same way; a hidden one is called only by the git hook."""
HIDDEN_HOOKS = ("commit-message",)
