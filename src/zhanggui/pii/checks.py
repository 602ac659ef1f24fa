"""Check digits and plausibility of numbers."""

from __future__ import annotations

from datetime import date

import phonenumbers

from zhanggui.pii.words import WORDS

_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10x98765432"
_REGIONS = {str(code) for code in WORDS.id_regions}
_TOLL_FREE = {"800", "833", "844", "855", "866", "877", "888", "400"}


def luhn(digits: str) -> bool:
    """Whether the last digit is the Luhn check digit of the others (ISO/IEC 7812-1)."""
    total = 0
    for position, char in enumerate(reversed(digits)):
        value = int(char)
        if position % 2:
            value = value * 2 - 9 if value > 4 else value * 2
        total += value
    return total % 10 == 0


def is_card(digits: str, *, spoken_of: bool = False) -> bool:
    """A card number: known prefix, its length, the Luhn digit.

    Rare kinds of cards count only where the text speaks of a card.
    """
    for cards in WORDS.cards:
        prefix = digits[: len(str(cards.first))]
        if len(digits) in cards.digits and cards.first <= int(prefix) <= cards.last:
            return (spoken_of or not cards.rare) and luhn(digits)
    return False


def is_id_card(code: str) -> bool:
    """A mainland ID card number of 18 characters: region, day of birth, check character
    (GB 11643-1999)."""
    if not has_id_shape(code):
        return False
    total = sum(int(char) * weight for char, weight in zip(code, _ID_WEIGHTS, strict=False))
    return _ID_CHECKS[total % 11] == code[17]


def has_id_shape(code: str) -> bool:
    """18 characters, or 15 of the old kind, with a known region and a possible day of birth."""
    if code[:2] not in _REGIONS:
        return False
    birth = code[6:14] if len(code) == 18 else "19" + code[6:12]
    if len(code) not in (15, 18) or not "1880" <= birth[:4] <= "2100":
        return False
    try:
        date(int(birth[:4]), int(birth[4:6]), int(birth[6:]))
    except ValueError:
        return False
    return True


def is_date(digits: str) -> bool:
    """Eight digits that are a day of our time."""
    if len(digits) != 8 or not "1950" <= digits[:4] <= "2099":
        return False
    return "01" <= digits[4:6] <= "12" and "01" <= digits[6:] <= "31"


def is_barcode(digits: str) -> bool:
    """Thirteen digits with the EAN check digit and a prefix that China's goods carry."""
    if len(digits) != 13 or not digits.startswith("69"):
        return False
    total = sum(int(char) * (3 if place % 2 else 1) for place, char in enumerate(digits))
    return total % 10 == 0


def phone_kind(number: str, region: str | None = None) -> str | None:
    """`PHONE` or `LANDLINE` (mainland only) if `number` is one that is in use, else None."""
    try:
        parsed = phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(parsed):
        return None
    national = str(parsed.national_number)
    if national[:3] in _TOLL_FREE:
        return None
    fixed = phonenumbers.number_type(parsed) == phonenumbers.PhoneNumberType.FIXED_LINE
    return "LANDLINE" if fixed and parsed.country_code == 86 else "PHONE"
