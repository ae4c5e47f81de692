"""Links to a lesson by its name and to a heading in one: `structure.dead-wikilink`, `structure.dead-anchor`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.checking import findings, said

OTHERS = {
    "late-parcels.md": "---\nid: parcels\ntitle: Parcels that come late\n---\n\n## What we did {#done}\n\nText.\n",
    "sub/Scales.md": "# Scales\n\n## 2. Zero, then weigh\n\nText.\n\n## Zero, then weigh\n\nText.\n",
}


def dead(root: Path, text: str) -> list[tuple[str, str]]:
    files = {"a.md": text, **OTHERS}
    return said(findings(root, files, "structure.dead-wikilink", "structure.dead-anchor"))


@pytest.mark.parametrize(
    "text",
    [
        "[[parcels]] [[late-parcels]] [[late-parcels.md]] [[Parcels that come late]] [[scales|what a reader sees]]",
        "[[parcels#What we did]] [[scales#Zero, then weigh]] [[#Own heading]]",
        "![[plan.png]] [[plan.pdf]] [[parcels#^block]]",
        "[x](late-parcels.md#what-we-did) [x](late-parcels.md#done) [x](sub/Scales.md#2-zero-then-weigh)",
        "[x](sub/Scales.md#zero-then-weigh-1) [x](#own-heading) [x](#top) [x](#place) [x](gone.md#part)",
        "[x](https://example.org/a.md#gone) [x](plan.pdf#page=3)",
        '<a id="place"></a>',
        "[[1]](https://example.org) and `[[gone]]` and `[x](#gone)`",
        "```\nif [[ -f x ]]; then [x](#gone) [[gone]]\n```",
    ],
)
def test_what_leads_somewhere_or_elsewhere_or_is_no_link(tmp_path: Path, text: str) -> None:
    assert dead(tmp_path, f'# A\n\n## Own heading\n\n<a name="place">x</a>\n\n{text}\n') == []


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("See [[parcel]].", "3:7", "no lesson is called 'parcel'; did you mean parcels?"),
        ("See [[entirely unheard of|it]].", "3:7", "no lesson is called 'entirely unheard of'; correct it, or"),
        ("See [[parcels#What they did]].", "3:7", "there is no heading 'What they did' in parcels; correct it"),
        ("See [x](late-parcels.md#gone).", "3:9", "there is no heading 'gone' in parcels; correct it"),
        ("See [x](#gone).", "3:9", "there is no heading 'gone' here; correct it"),
    ],
)
def test_a_dead_one_is_named_where_it_stands(tmp_path: Path, text: str, place: str, message: str) -> None:
    ((where, what),) = dead(tmp_path, f"# A\n\n{text}\n")
    assert where == f"a.md:{place}"
    assert what.partition(": ")[2].startswith(message)


def test_a_link_leads_on_from_the_folder_of_its_lesson(tmp_path: Path) -> None:
    files = {"other/labels.md": "# Labels\n\n## Method\n", "sub/a.md": "# A\n\n[x](../other/labels.md#metod)\n"}
    ((where, what),) = said(findings(tmp_path, files, "structure.dead-anchor"))
    assert where == "a.md:3:5"
    assert what.partition(": ")[2].startswith("there is no heading 'metod' in other/labels; correct it")


def test_a_name_is_the_same_however_its_letters_are_composed(tmp_path: Path) -> None:
    files = {"a.md": "# A\n\n[[u\u0308bergabe]]\n", "\u00fcbergabe.md": "# B\n"}
    assert findings(tmp_path, files, "structure.dead-wikilink") == []
