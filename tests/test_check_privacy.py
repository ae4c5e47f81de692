"""Personal data of people whom a lesson does not name; numbers that only look like it are none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.check.detectors.numbers import is_card, is_iban
from tests.checking import codes, found

PEOPLE = """\
---
people:
  - {name: Walter Keane, contact: "walter.keane@brightpaper.net, +49 30 4471 8826"}
  - Anna-Maria de Souza
---
# Labels

"""


@pytest.mark.parametrize(
    "address", ["w.keane@brightpaper.net", "O_Neill+labels@mail.brightpaper.co.uk", "keane@xn--bcher-kva.com"]
)
def test_an_address_of_somebody_who_is_not_named_is_found_once_a_line(address: str) -> None:
    text = f"# Labels\n\nAsk {address}, that is [{address}](mailto:{address}).\nOr {address}.\n"
    findings = found(text, "privacy")
    assert [(finding.code, finding.line) for finding in findings] == [("privacy.email", 3), ("privacy.email", 4)]
    assert findings[0].column == 5
    assert address not in findings[0].message


@pytest.mark.parametrize(
    "address",
    [
        *(
            "walter.keane@brightpaper.net",
            "WALTER.KEANE@brightpaper.net",
            "wkeane@elsewhere.com",
            "keane.w@elsewhere.com",
        ),
        *("anna-maria.desouza@brightpaper.net", "amsouza@brightpaper.net"),
    ],
)
def test_those_who_are_named_to_be_asked_are_not_found(address: str) -> None:
    assert codes(f"{PEOPLE}Ask {address}.\n", "privacy") == []
    assert codes(f"# Labels\n\nAsk {address}.\n", "privacy") == ["email"]


def test_a_contact_or_a_first_name_alone_tells_who_is_named() -> None:
    people = PEOPLE.replace("walter.keane@", "desk7@")
    assert codes(f"{people}Ask desk7@brightpaper.net, walter@brightpaper.net.\n", "privacy") == []
    assert codes(f"{people}Ask desk8@brightpaper.net, wal@brightpaper.net.\n", "privacy") == ["email", "email"]


@pytest.mark.parametrize(
    "text",
    [
        *("jane@example.org", "jane@mail.example.com", "jane@office.example", "jane@host.invalid", "root@localhost"),
        *(
            "info@brightpaper.net",
            "print-support@brightpaper.net",
            "no-reply@brightpaper.net",
            "sales.eu@brightpaper.net",
        ),
        *("1234+jane@users.noreply.github.com", "kubernetes-x@googlegroups.com", "job@p1.iam.gserviceaccount.com"),
        *("git@github.com:team/repo.git", "https://jane:x@brightpaper.net/a", "react@18.2.0", "image@sha256:0123"),
        *("@jane", "a @ b.com", "ecdsa-sha2-nistp256@openssh.com", "x@y", "lunch@12.30"),
    ],
)
def test_what_is_nobodys_address_is_not_found(text: str) -> None:
    assert codes(f"# Labels\n\nSee {text} there.\n", "privacy") == []


@pytest.mark.parametrize(
    "text",
    [
        *("+49 30 4471 8827", "+1 (214) 603-1000", "+442079460018", "+33 (0) 1 42 68 53 00", "call (214) 603-1000"),
        *(
            "+682 21 234",
            "Phone: 256-544-4281",
            "tel. 030 / 4471 8827",
            "mobile 0171 4471882",
            "call me at 214-603-1000",
        ),
    ],
)
def test_a_telephone_number_is_found(text: str) -> None:
    (finding,) = found(f"# Labels\n\nThe driver: {text}.\n", "privacy")
    assert (finding.code, finding.line) == ("privacy.telephone", 3)
    assert "44" not in finding.message


@pytest.mark.parametrize(
    "text",
    [
        *(
            "part 256-544-4281",
            "lesson 00445",
            "2026-11-22 10:30:00+00:00",
            "2006-05-01/2006-06-01",
            "version 10.15.7.2",
        ),
        *(
            "10.20.30.40",
            "+25 %",
            "+12 345 678 EUR",
            "call 12 of 345",
            "a + 1234567",
            "1999-2004-2006",
            "ISBN 978-3-16-148410-0",
        ),
        *(
            "+1 034 603 1000",
            "+999 123 456 789",
            "call 800-555-1212",
            "phone 202-555-0143",
            "+1 202 555 0143",
            "$1,234,567.89",
            "phone 12",
            "x=+4930447188",
        ),
        *("call volume 2019 2020 2021 2022", "recalled 123-456-7890", "+0000000000"),
    ],
)
def test_other_numbers_are_no_telephone_numbers(text: str) -> None:
    assert codes(f"# Labels\n\nThere: {text}.\n", "privacy") == []


def test_a_number_of_somebody_who_is_named_is_not_found() -> None:
    assert codes(f"{PEOPLE}Call +49 30 4471-8826.\n", "privacy") == []
    assert codes(f"{PEOPLE}Call +49 30 4471-8827.\n", "privacy") == ["telephone"]


@pytest.mark.parametrize("number", ["DE91 1000 0000 0123 4567 89", "DE91100000000123456789", "GB33BUKB20201555555555"])
def test_an_account_is_found_if_its_check_digits_are_right(number: str) -> None:
    assert codes(f"# Labels\n\nPaid to {number} today.\n", "privacy") == ["bank"]
    wrong = number.replace("DE91", "DE92").replace("GB33", "GB34")
    assert codes(f"# Labels\n\nPaid to {wrong} today.\n", "privacy") == []


@pytest.mark.parametrize("number", ["4929 7183 5264 1077", "4929-7183-5264-1077", "4929718352641077"])
def test_a_card_is_found_if_its_sum_is_right(number: str) -> None:
    assert codes(f"# Labels\n\nCharged {number} twice.\n", "privacy") == ["card"]
    assert codes(f"# Labels\n\nCharged {number[:-1]}8 twice.\n", "privacy") == []
    assert codes(f"# Labels\n\nSee incident/17003#{number}.\n", "privacy") == []
    assert codes("# Labels\n\nOrder 9929718352641076.\n", "privacy") == []  # no issuer begins so
    assert codes("# Labels\n\nTry 4242 4242 4242 4242 or 4111111111111111.\n", "privacy") == []


def test_a_card_may_have_its_number_in_three_groups() -> None:
    assert codes("# Labels\n\nCharged 3741 928361 75219 now.\n", "privacy") == ["card"]
    assert codes("# Labels\n\nCharged 3741 928361 75218 now.\n", "privacy") == []


def test_a_social_security_number_is_found_where_it_is_called_so() -> None:
    for said in ("His SSN: {}.", "{} is his social security number.", "His number {} is an SSN."):
        assert codes(f"# Labels\n\n{said.format('536-22-8726')}\n", "privacy") == ["ssn"]
    for other in (
        "SSN 936-22-8726",
        "SSN:\n536-22-8726.",
        "536-22-8726.\nSSN",
        "Part 536-22-8726.",
        "SSN 000-22-8726",
        "SSN 078-05-1120",
        "SSN format: 536-22-87261",
    ):
        assert codes(f"# Labels\n\n{other}\n", "privacy") == []


@given(st.from_regex(r"[A-Z]{2}[0-9]{20}", fullmatch=True), st.integers(0, 21))
def test_no_account_stays_right_when_one_sign_changes(iban: str, place: int) -> None:
    changed = iban[:place] + ("1" if iban[place] != "1" else "2") + iban[place + 1 :]
    assert not (is_iban(iban) and is_iban(changed))


@given(st.from_regex(r"4[0-9]{15}", fullmatch=True), st.integers(1, 15))
def test_no_card_stays_right_when_one_digit_changes(card: str, place: int) -> None:
    changed = card[:place] + str((int(card[place]) + 1) % 10) + card[place + 1 :]
    assert not (is_card(card) and is_card(changed))
