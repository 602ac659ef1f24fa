"""The word lists of `words.yaml`, and patterns made of them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal

from zhanggui.text.datafile import DataModel, load

EntityType = Literal[
    "PHONE",
    "LANDLINE",
    "ID_CARD",
    "BANK_CARD",
    "EMAIL",
    "ORDER_NO",
    "TRACKING_NO",
    "WECHAT",
    "QQ",
    "WANGWANG",
    "PLATE",
    "IP",
    "NAME",
    "ADDRESS",
]


class Cards(DataModel):
    """A range of card prefixes and the lengths such cards have; rare ones need a word nearby."""

    first: int
    last: int
    digits: tuple[int, ...]
    rare: bool = False


class Words(DataModel):
    """`words.yaml`."""

    names: dict[EntityType, str]
    labels: dict[EntityType, tuple[str, ...]]
    loose_order_labels: tuple[str, ...]
    either_labels: tuple[str, ...]
    goods_labels: tuple[str, ...]
    glued_words: tuple[str, ...]
    carriers: tuple[str, ...]
    carrier_tails: tuple[str, ...]
    carrier_prefixes: tuple[str, ...]
    near_order: tuple[str, ...]
    near_tracking: tuple[str, ...]
    near_card: tuple[str, ...]
    not_wechat: tuple[str, ...]
    not_accounts: tuple[str, ...]
    version_words: tuple[str, ...]
    plate_regions: str
    plate_ambiguous: str
    cards: tuple[Cards, ...]
    id_regions: tuple[int, ...]


WORDS = load(Words, "zhanggui.pii", "words.yaml")


def any_of(words: Iterable[str]) -> str:
    """A pattern for any of `words`, the longest first; Latin ones only as whole words."""
    ordered = sorted(words, key=len, reverse=True)
    return "(?:" + "|".join(_bounded(word) for word in ordered) + ")"


def _bounded(word: str) -> str:
    pattern = re.escape(word)
    return r"(?<![a-z])" + pattern if word[0].isascii() and word[0].isalpha() else pattern
