"""Nothing is hidden: what is said of an answer, with the default model and the library's own calibration."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from kb.knowledge_base import KnowledgeBase
from search.query.query import MAX_CHARACTERS
from tests.conftest import LESSONS, Outcome, Run

NAMES = ("on-demand-brochures", "forty-planning-languages", "jail-booking-procedures", "sales-training-matched-region")
NEAREST = "kb: nothing here is sure to help; these are the nearest"
ANSWERED = {
    "our leaflets are full of mistakes": "on-demand-brochures",
    "typos in our flyers": "on-demand-brochures",
    "we keep sending customers the wrong product information": "on-demand-brochures",
    "every team plans in its own way and we cannot compare": "forty-planning-languages",
    "how do I prove the training caused the sales": "sales-training-matched-region",
}
UNANSWERED = [
    "which pasta goes with a sauce of tomatoes and basil",
    "the orbit of the moon around the earth",
    "symptoms of appendicitis in small children",
    "zzzz",
]


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory, default_model: str) -> Path:
    root = tmp_path_factory.mktemp("relevant")
    (root / "lessons").mkdir()
    for name in NAMES:
        shutil.copy(LESSONS / f"{name}.md", root / "lessons")
    (root / "kb.toml").touch()
    KnowledgeBase(root).reindex()
    return root


def answer(done: Outcome) -> dict[str, Any]:
    found = json.loads(done.out)
    assert isinstance(found, dict)
    return found


def ids(done: Outcome) -> list[str]:
    return [hit["id"] for hit in answer(done)["hits"]]


def said(done: Outcome) -> tuple[str, bool]:
    return answer(done)["relevance"], answer(done)["relevant"]


@pytest.mark.parametrize(("query", "first"), ANSWERED.items())
def test_a_problem_that_a_lesson_answers_is_answered(base: Path, kb: Run, query: str, first: str) -> None:
    done = kb(base, "search", "--json", query)
    assert (done.code, answer(done)["relevant"], ids(done)[0], done.err) == (0, True, first, "")
    assert answer(done)["hits"][0]["relevance"] == answer(done)["relevance"] in ("answers", "may-help")


@pytest.mark.parametrize("query", UNANSWERED)
def test_a_problem_that_no_lesson_answers_shows_the_nearest_in_short_and_says_so(
    base: Path, kb: Run, query: str
) -> None:
    done = kb(base, "search", query)
    first, last = done.err.splitlines()
    assert (done.code, first) == (1, NEAREST)
    assert last.endswith("try other words, --mode lexical for the words alone, or write this lesson when it is solved")
    assert [line for line in done.out.splitlines() if line.startswith("   lessons/")] != []
    assert done.out.count("   nearest") == 3
    assert "ask: " not in done.out
    done = kb(base, "search", "--json", query)
    assert (done.code, said(done), len(ids(done))) == (1, ("nearest", False), 3)
    assert [hit["relevance"] for hit in answer(done)["hits"]] == ["nearest"] * 3


def test_words_that_no_lesson_has_are_named(base: Path, kb: Run) -> None:
    done = kb(base, "search", "pasta basil zzzz yyyy xxxx wwww vvvv uuuu")
    assert "no lesson has pasta, basil, zzzz, yyyy, xxxx, wwww and 2 other words; try other words" in done.err


@pytest.mark.parametrize("query", UNANSWERED)
def test_all_shows_every_lesson_in_full(base: Path, kb: Run, query: str) -> None:
    done = kb(base, "search", "--json", "--all", query)
    assert (done.code, said(done), len(ids(done))) == (1, ("nearest", False), len(NAMES))
    shown = kb(base, "search", "--all", query)
    assert shown.out.count("\n   lessons/") == shown.out.count("\n   nearest · ") == len(NAMES)
    assert "ask: " in shown.out


def test_lessons_behind_a_sure_one_are_shown_too_and_called_what_they_are(base: Path, kb: Run) -> None:
    done = kb(base, "search", "--json", "our leaflets are full of mistakes")
    words = [hit["relevance"] for hit in answer(done)["hits"]]
    assert (len(words), words[0]) == (len(NAMES), "answers")
    assert "nearest" in words


def test_by_words_alone_a_word_among_many_is_no_answer(base: Path, kb: Run) -> None:
    query = "brochure " + " ".join(UNANSWERED)
    done = kb(base, "search", "--json", "--mode", "lexical", query)
    assert (done.code, said(done), "on-demand-brochures" in ids(done)) == (1, ("nearest", False), True)


def test_by_words_alone_a_word_that_no_lesson_has_finds_nothing(base: Path, kb: Run) -> None:
    done = kb(base, "search", "--mode", "lexical", "zzzz")
    advice = "no lesson has zzzz; try other words, or write this lesson when it is solved"
    assert done == Outcome(1, "", f"kb: {advice}\n")


@pytest.mark.parametrize("query", ["Morrison", "Jaworski", "Toyota"])
def test_a_name_that_stands_in_a_lesson_is_shown_as_one_that_helps(base: Path, kb: Run, query: str) -> None:
    done = kb(base, "search", "--json", query)
    assert (done.code, answer(done)["hits"][0]["relevant"]) == (0, True)


def test_a_name_that_no_lesson_has_is_said_where_its_neighbours_help_too(base: Path, kb: Run) -> None:
    done = kb(base, "search", "errors in our brochures ORA-00942")
    assert done.code == 0
    assert done.err.splitlines() == ["kb: no lesson has ORA-00942"]


@pytest.mark.parametrize("mode", ["hybrid", "lexical"])
def test_an_empty_draft_does_not_answer_what_its_prompts_ask(base: Path, kb: Run, tmp_path: Path, mode: str) -> None:
    root = tmp_path / "base"
    shutil.copytree(base, root)
    assert kb(root, "new", "--no-edit", "Orders left with the wrong label").code == 0
    assert kb(root, "reindex").code == 0
    question = "is there a checklist or a script that can be used again"
    hits = answer(kb(root, "search", "--json", "--all", "--mode", mode, question))["hits"]
    assert {hit["relevance"] for hit in hits if "orders" in hit["id"]} <= {"nearest"}


def test_colours_of_a_log_are_no_words(base: Path, kb: Run) -> None:
    plain, coloured = (
        kb(base, "search", "--json", text) for text in ("brochure errors", "\x1b[31mbrochure\x1b[0m errors")
    )
    assert ids(coloured) == ids(plain)
    assert answer(coloured)["unknown_words"] == []


def test_a_figure_with_a_minus_is_a_query(base: Path, kb: Run) -> None:
    assert answer(kb(base, "search", "--json", "-20%"))["query"] == "-20%"


def test_unknown_words_are_named_shortened(base: Path, kb: Run) -> None:
    said = kb(base, "search", "--mode", "lexical", "z" * 500, *(f"qqx{letter}" for letter in "abcdef")).err
    assert f"no lesson has {'z' * 40}\u2026, qqxa, qqxb, qqxc, qqxd, qqxe and 1 other word;" in said


def test_filters_speak_for_what_is_not_far_off_and_not_for_the_rest(base: Path, kb: Run) -> None:
    done = kb(base, "search", "--json", f"{UNANSWERED[0]} unit:toyota")
    assert (done.code, said(done), ids(done)) == (1, ("nearest", False), ["on-demand-brochures"])
    only = kb(base, "search", "--json", "unit:toyota")
    assert (only.code, said(only), ids(only)) == (0, ("answers", True), ["on-demand-brochures"])


def test_in_a_batch_each_line_says_how_sure_it_is(base: Path, kb: Run, tmp_path: Path) -> None:
    def batch(*queries: str, options: tuple[str, ...] = ()) -> tuple[int, list[tuple[bool, int]]]:
        file = tmp_path / "queries.jsonl"
        file.write_text("".join(json.dumps({"id": query, "query": query}) + "\n" for query in queries))
        done = kb(base, "search", "--batch", str(file), *options)
        lines = [json.loads(line) for line in done.out.splitlines()]
        return done.code, [(line["relevant"], len(line["hits"])) for line in lines]

    known = next(iter(ANSWERED))
    assert batch(UNANSWERED[0], known) == (0, [(False, 3), (True, len(NAMES))])
    assert batch(*UNANSWERED[:2]) == (1, [(False, 3), (False, 3)])
    assert batch(*UNANSWERED[:2], options=("--all",)) == (1, [(False, len(NAMES))] * 2)


# Why not?


def test_why_a_lesson_is_not_where_it_is_expected(base: Path, kb: Run) -> None:
    done = kb(
        base, "search", "--limit", "1", "--why-not", "jail-booking-procedures", "our leaflets are full of mistakes"
    )
    lines = done.out.splitlines()
    assert (done.code, done.err) == (0, "")
    assert re.fullmatch(r"jail-booking-procedures is number [2-4] of 4: (nearest|may help)", lines[0])
    assert lines[1].startswith("  by words: ")
    assert "it lacks leaflets" in lines[1]
    assert lines[2].startswith("  by meaning: number ")
    assert lines[3].startswith("  evidence 0.")
    assert lines[4].startswith("  a search shows 1: `--limit ")


def test_why_a_file_is_not_found_by_its_name_when_its_lesson_has_an_id(base: Path, kb: Run, tmp_path: Path) -> None:
    root = tmp_path / "base"
    shutil.copytree(base, root)
    (root / "lessons" / "menus.md").write_text("---\nid: online\n---\n# Lists\n\nSomething was put online.\n")
    assert kb(root, "reindex").code == 0
    said = kb(root, "search", "--why-not", "menus", "lists").err
    assert said.splitlines()[-1] == "kb: lessons/menus.md is indexed under the id in its front matter; name the path"


def test_why_not_shows_the_threshold_that_holds_where_filters_were_asked_for(base: Path, kb: Run) -> None:
    def least(*query: str) -> float:
        found = json.loads(kb(base, "search", "--json", "--why-not", NAMES[0], *query).out)["may_help_from"]
        assert isinstance(found, float)
        return found

    assert least("dealers", "unit:toyota") == pytest.approx(least("dealers") - 0.1)
    assert least("dealers", "-unit:lapd") == least("dealers")
    only_filtered = kb(base, "search", "--why-not", NAMES[0], "unit:toyota").out
    assert "answers" in only_filtered
    assert "evidence" not in only_filtered


def test_why_a_filter_an_exclusion_or_a_phrase_keeps_a_lesson_out(base: Path, kb: Run) -> None:
    query = 'brochures -jails unit:toyota "proof-reading system"'
    done = kb(base, "search", "--why-not", "lessons/jail-booking-procedures.md", query)
    assert done.out == (
        "jail-booking-procedures is not in the answer: it does not meet unit:toyota; it has 'jails', left out by the "
        'query; it does not have the phrase "proof-reading system"\n'
    )
    found = json.loads(kb(base, "search", "--json", "--why-not", "jail-booking-procedures", query).out)
    assert (found["rank"], len(found["excluded"])) == (None, 3)


def test_why_a_lesson_without_any_of_the_words_is_not_found_by_them(base: Path, kb: Run) -> None:
    done = kb(base, "search", "--mode", "lexical", "--why-not", "jail-booking-procedures", "leaflets")
    assert done.out == "jail-booking-procedures is not in the answer: it has none of the words\n"


def test_why_a_lesson_that_has_changed_is_found_as_it_was(base: Path, kb: Run, tmp_path: Path) -> None:
    root = tmp_path / "changed"
    shutil.copytree(base, root)
    file = root / "lessons" / "on-demand-brochures.md"
    file.write_text(file.read_text("utf-8") + "\nMore.\n", "utf-8")
    done = kb(root, "search", "--why-not", "on-demand-brochures", "brochure errors")
    assert done.out.splitlines()[-1] == (
        "  lessons/on-demand-brochures.md has changed since the index was built; run `kb reindex`"
    )
    file.unlink()
    done = kb(root, "search", "--why-not", "on-demand-brochures", "brochure errors")
    assert done.out.splitlines()[-1].endswith("is gone since the index was built; run `kb reindex`")


def test_why_a_lesson_is_not_indexed(base: Path, kb: Run, tmp_path: Path) -> None:
    root = tmp_path / "new"
    shutil.copytree(base, root)
    shutil.copy(LESSONS / "stampede.md", root / "lessons")
    for name in ("stampede", "lessons/stampede.md"):
        done = kb(root, "search", "--why-not", name, "too many workshops")
        assert done == Outcome(2, "", f"kb: {name} is not indexed yet: it was added since; run `kb reindex`\n")
    done = kb(root, "search", "--why-not", "nowhere", "too many workshops")
    assert (done.code, done.err) == (2, "kb: no lesson with the id 'nowhere'; `kb list` shows all\n")


# Pages.

NOISE = "The weather was fine and the coffee was hot, and somebody had left an umbrella in the hall. "
TOLD = (
    "What ruined my morning: brochures with errors went to print again, so customers got the wrong product "
    "information from their dealer, and nobody had read the proofs before the copy was released."
)


@pytest.mark.parametrize("mode", ["hybrid", "lexical", "semantic"])
def test_a_page_is_answered_from_its_end_too(base: Path, kb: Run, tmp_path: Path, mode: str) -> None:
    def why(end: str) -> dict[str, Any]:
        page = tmp_path / "mail.txt"
        page.write_text((NOISE * MAX_CHARACTERS)[: MAX_CHARACTERS - len(end)] + end)
        found = answer(kb(base, "search", "--json", "--all", "--mode", mode, "-f", str(page)))
        assert found["notes"] == []
        return {hit["id"]: {**hit["why"], "rank": hit["rank"]} for hit in found["hits"]}

    told, noise = why(f"\n\n{TOLD}")["on-demand-brochures"], why("")
    assert told["rank"] == 1
    if mode != "lexical":
        assert told["semantic"]["rank"] == 1
        assert told["semantic"]["score"] > noise["on-demand-brochures"]["semantic"]["score"] + 0.1
    if mode != "semantic":
        assert told["lexical"]["rank"] == 1
        assert {"brochures", "errors", "print", "dealer"} <= set(told["terms"])


def test_a_mail_of_which_one_line_matters_is_answered(base: Path, kb: Run, tmp_path: Path) -> None:
    page = tmp_path / "mail.txt"
    page.write_text(f"Hi Petra,\n\nthanks for lunch. {NOISE}\n\n{TOLD}\n\nBest\nTom\n")
    done = kb(base, "search", "--json", "-f", str(page))
    assert (done.code, said(done)[0], ids(done)[0]) == (0, "answers", "on-demand-brochures")


def test_a_page_about_something_else_is_not_answered(base: Path, kb: Run, tmp_path: Path) -> None:
    page = tmp_path / "mail.txt"
    page.write_text("\n".join(UNANSWERED) + NOISE * 50)
    done = kb(base, "search", "--json", "-f", str(page))
    assert (done.code, said(done)) == (1, ("nearest", False))
