"""Numbers of people and of their money. The libraries are imported only when a text looks like such a number."""

from __future__ import annotations

# Card numbers that payment services publish for tests.
_TEST_CARDS = frozenset(
    {
        *("4242424242424242", "4000056655665556", "4111111111111111", "4012888888881881", "4000000000000002"),
        *("5555555555554444", "5105105105105100", "2223003122003222", "5200828282828210"),
        *("378282246310005", "371449635398431", "6011111111111117", "6011000990139424"),
    }
)


def is_telephone(text: str) -> bool:
    """Return whether a text is a telephone number with country code that is valid in that country."""
    import phonenumbers

    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(text))
    except phonenumbers.NumberParseException:
        return False


def is_iban(text: str) -> bool:
    """Return whether a text is an IBAN: of its country's form, with correct check digits."""
    from stdnum import iban

    return iban.is_valid(text)


def is_social_security(text: str) -> bool:
    """Return whether a text is a possible US social security number, and not one known from an advertisement."""
    from stdnum.us import ssn

    return ssn.is_valid(text)


def is_card(text: str) -> bool:
    """Return whether a text is a payment card number, by its first digits and Luhn's checksum (ISO/IEC 7812-1)."""
    from stdnum import luhn

    digits = "".join(character for character in text if character.isdigit())
    starts_well = digits[0] in "456" or digits[:2] in ("34", "37") or "22" <= digits[:2] <= "27"
    return starts_well and digits not in _TEST_CARDS and len(set(digits)) > 3 and luhn.is_valid(digits)
