"""Whether the library has an answer at all, as the default model and its calibrated threshold say."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from kb.knowledge_base import KnowledgeBase
from search.query import MAX_CHARACTERS
from tests.conftest import LESSONS, Outcome, Run

NAMES = ("on-demand-brochures", "forty-planning-languages", "jail-booking-procedures", "sales-training-matched-region")
ADVICE = "try other words, --all for what is nearest, or write this lesson when it is solved"
NOTHING = f"kb: nothing relevant here; {ADVICE}\n"
NEAREST = "kb: nothing here is likely to answer; these are the nearest\n"
ANSWERED = {
    "our leaflets are full of mistakes": "on-demand-brochures",
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
def base(tmp_path_factory: pytest.TempPathFactory, _own_cache: None) -> Path:
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


@pytest.mark.parametrize(("query", "first"), ANSWERED.items())
def test_a_problem_that_a_lesson_answers_is_answered(base: Path, kb: Run, query: str, first: str) -> None:
    done = kb(base, "search", "--json", query)
    assert (done.code, answer(done)["relevant"], ids(done)[0], done.err) == (0, True, first, "")


@pytest.mark.parametrize("query", UNANSWERED)
def test_a_problem_that_no_lesson_answers_shows_none_and_says_how_to_go_on(base: Path, kb: Run, query: str) -> None:
    assert kb(base, "search", query) == Outcome(1, "", NOTHING)
    done = kb(base, "search", "--json", query)
    assert (done.code, answer(done)["relevant"], ids(done), done.err) == (1, False, [], NOTHING)


@pytest.mark.parametrize("query", UNANSWERED)
def test_who_asks_for_all_sees_the_nearest_and_is_told_what_they_are(base: Path, kb: Run, query: str) -> None:
    done = kb(base, "search", "--json", "--all", query)
    assert (done.code, answer(done)["relevant"], len(ids(done)), done.err) == (1, False, len(NAMES), NEAREST)
    shown = kb(base, "search", "--all", query)
    assert shown.out.count("\n   lessons/") == len(NAMES)


def test_all_adds_weak_hits_behind_the_others(base: Path, kb: Run) -> None:
    query = "our leaflets are full of mistakes"
    few, every = kb(base, "search", "--json", query), kb(base, "search", "--json", "--all", query)
    assert (every.code, answer(every)["relevant"], every.err) == (0, True, "")
    assert ids(every)[: len(ids(few))] == ids(few)
    assert len(ids(few)) < len(ids(every)) == len(NAMES)


def test_where_not_even_a_word_is_found_all_is_not_advised_again(base: Path, kb: Run) -> None:
    done = kb(base, "search", "--all", "--mode", "lexical", "zzzz")
    assert done == Outcome(1, "", NOTHING.replace("--all for what is nearest, ", ""))


def test_by_words_alone_a_word_among_many_is_no_answer(base: Path, kb: Run) -> None:
    query = "brochure " + " ".join(UNANSWERED)
    done = kb(base, "search", "--json", "--mode", "lexical", query)
    assert (done.code, answer(done)["relevant"], ids(done)) == (1, False, [])
    done = kb(base, "search", "--json", "--mode", "lexical", "--all", query)
    assert (done.code, "on-demand-brochures" in ids(done)) == (1, True)


def test_who_says_what_the_lessons_must_have_is_given_them(base: Path, kb: Run) -> None:
    query = "colour printers that jam"
    assert kb(base, "search", query).code == 1
    done = kb(base, "search", "--json", f"{query} unit:toyota")
    assert (done.code, answer(done)["relevant"], ids(done)) == (0, True, ["on-demand-brochures"])
    assert kb(base, "search", f"{UNANSWERED[0]} unit:toyota") == Outcome(1, "", NOTHING), "not what is not even near"


def test_in_a_batch_each_line_has_its_verdict(base: Path, kb: Run, tmp_path: Path) -> None:
    def batch(*queries: str, options: tuple[str, ...] = ()) -> tuple[int, list[tuple[bool, int]]]:
        file = tmp_path / "queries.jsonl"
        file.write_text("".join(json.dumps({"id": query, "query": query}) + "\n" for query in queries))
        done = kb(base, "search", "--batch", str(file), *options)
        lines = [json.loads(line) for line in done.out.splitlines()]
        return done.code, [(line["relevant"], len(line["hits"])) for line in lines]

    known = next(iter(ANSWERED))
    code, lines = batch(UNANSWERED[0], known)
    assert (code, lines[0], lines[1][0], lines[1][1] > 0) == (0, (False, 0), True, True)
    assert batch(*UNANSWERED[:2]) == (1, [(False, 0), (False, 0)])
    assert batch(*UNANSWERED[:2], options=("--all",)) == (1, [(False, len(NAMES))] * 2)


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


def test_a_page_about_something_else_is_not_answered(base: Path, kb: Run, tmp_path: Path) -> None:
    page = tmp_path / "mail.txt"
    page.write_text("\n".join(UNANSWERED) + NOISE * 50)
    assert kb(base, "search", "-f", str(page)) == Outcome(1, "", NOTHING)
