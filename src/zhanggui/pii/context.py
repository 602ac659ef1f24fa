"""Long numbers that only the words around them tell to be orders or parcels."""

from __future__ import annotations

import re
from collections.abc import Iterator

from zhanggui.pii import checks
from zhanggui.pii.patterns import BLANK, CODE, FILL, GROUPED, Found, digits_of, labelled
from zhanggui.pii.words import WORDS, EntityType, any_of

_LETTER_PREFIX = r"(?!(?:sku|spu|gb|isbn|ean|upc|gtin|asin|sn|imei)[-_]?\d)[a-z]{1,6}"
_EITHER = re.compile(labelled(WORDS.either_labels, f"{CODE}|{GROUPED}"))
_LOOSE = re.compile(
    rf"{any_of(WORDS.loose_order_labels)}(?![a-z]){FILL}(?P<value>{CODE}|{GROUPED})(?![\da-z])"
)
_CARRIER = re.compile(
    rf"{any_of(WORDS.carriers)}{any_of(WORDS.carrier_tails)}*{FILL}"
    r"(?P<value>[a-z]{0,4}\d{10,18})(?![\da-z])"
)
_LONG = re.compile(r"(?<![\d.a-z])(?P<value>\d{10,32})(?!\.?\d)(?![a-z])")
_LETTERED = re.compile(rf"(?<![\da-z])(?P<value>{_LETTER_PREFIX}[-_]?\d{{12,28}})(?![\da-z])")
_MORE = re.compile(r"(?:\s|[,、;/和及与]|以及|还有|and)+(?P<value>[a-z]{0,6}\d{8,32})(?![\da-z])")
_NEAR_ORDER = re.compile(any_of(WORDS.near_order))
_NEAR_TRACKING = re.compile(any_of(WORDS.near_tracking))
_WINDOW = 16


def context_numbers(text: str) -> Iterator[Found]:
    """Long numbers that only the words around them tell to be orders or parcels."""
    for match in _EITHER.finditer(text):
        if len(digits_of(match["value"])) >= 8:
            yield (*match.span("value"), _parcel_or_order(match))
    for match in _CARRIER.finditer(text):
        yield (*match.span("value"), "TRACKING_NO")
    for match in _LOOSE.finditer(text):
        if _loose_order(match):
            yield (*match.span("value"), "ORDER_NO")
    for match in _LETTERED.finditer(text):
        yield (*match.span("value"), "ORDER_NO")
    for match in _LONG.finditer(text):
        kind = _by_neighbours(match["value"], text, match.start(), match.end())
        if kind is not None:
            yield match.start(), match.end(), kind


def list_after(text: str, end: int) -> Iterator[tuple[int, int]]:
    """Further numbers in a list that goes on at `end`: "订单号A、B和C"."""
    while match := _MORE.match(text, end):
        value = match["value"]
        if re.fullmatch(r"1[3-9]\d{9}", value) or checks.is_date(value):
            return
        yield match.span("value")
        end = match.end()


def _loose_order(match: re.Match[str]) -> bool:
    digits = digits_of(match["value"])
    mobile = re.fullmatch(r"1[3-9]\d{9}", match["value"])
    return len(digits) >= 8 and not mobile and not checks.is_date(digits)


def _parcel_or_order(match: re.Match[str]) -> EntityType:
    start = match.start()
    if _NEAR_TRACKING.search(match.string, max(0, start - _WINDOW), start + _WINDOW):
        return "TRACKING_NO"
    return "TRACKING_NO" if 12 <= len(digits_of(match["value"])) <= 15 else "ORDER_NO"


def _by_neighbours(value: str, text: str, start: int, end: int) -> EntityType | None:
    if checks.is_barcode(value) or len(set(value)) == 1:
        return None
    around = text[max(0, start - _WINDOW) : start] + BLANK + text[end : end + _WINDOW]
    parcel, order = _NEAR_TRACKING.search(around), _NEAR_ORDER.search(around)
    if len(value) >= 16:
        return "ORDER_NO"
    if order or parcel:
        return "ORDER_NO" if order else "TRACKING_NO"
    # Nothing else of twelve digits and more is typed into a chat.
    if len(value) >= 12:
        return "ORDER_NO"
    # Nothing but a number: customers paste the number that they are asked for.
    return "ORDER_NO" if text.strip(" \n\t。.,，!?") == value else None
