"""What a reader is shown of what only looks like markup, of components, and of definitions to which nothing refers."""

from __future__ import annotations

import pytest

from ingest.markdown.plain import Block, Form, plain_blocks, plain_heading


def shown(text: str) -> list[str]:
    return [block.text for block in plain_blocks(text)]


@pytest.mark.parametrize(
    "text",
    [
        "Run restore <backup-id> on <hostname> and never <prod-db>.",
        "Use [^abc] or [^,;]* in the filter.",
        "copy <old-host> to <new-host>, then <old-host> again",
    ],
)
def test_a_placeholder_is_shown_as_it_is_written(text: str) -> None:
    assert shown(text) == [text]
    assert plain_heading(text) == text


def test_an_element_that_is_closed_and_a_marker_of_a_footnote_are_not_shown() -> None:
    assert shown("<my-card>Text</my-card> and <my-card a='b'>more") == ["Text and more"]
    assert shown("<my-card>\nText <a-host>\n</my-card>") == ["Text <a-host>"]
    assert shown("One[^1], two[^a] and three[^long].\n\n[^long]: Told below.") == ["One, two and three.", "Told below."]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('<Card heading="wide labels" href="/a/b" />', "wide labels"),
        ('<Card heading="labels" />', "labels"),
        ("Text <Tip content='wide labels' kind=\"big\">below</Tip>", "Text wide labels below"),
        ('<Chart\n  defaults="wide labels"\n/>', "wide labels"),
        ('<img class="wide labels" alt="a label">', "a label"),
    ],
)
def test_what_a_component_says_is_shown(text: str, said: str) -> None:
    assert shown(text) == [said]


def test_character_data_is_shown_as_it_is() -> None:
    assert shown("Inline <![CDATA[run <b> now]]> here") == ["Inline run <b> now here"]
    assert shown("<![CDATA[block\ncode]]>") == ["block code"]


def test_a_definition_to_which_nothing_refers_is_shown_and_another_is_not() -> None:
    assert plain_blocks("[2]: <The wide report>") == [Block("2: <The wide report>", Form.LINK)]
    assert shown('[Annex]: http://x.org "A wide title"') == ['Annex: http://x.org "A wide title"']
    assert shown("[//]: # (to do)") == ["to do"]
    assert shown("See [the report][Annex].\n\n[annex]: http://x.org") == ["See the report."]
