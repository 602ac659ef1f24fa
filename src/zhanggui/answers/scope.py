"""Which products a line of the shop's rules speaks of, and under which conditions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import Connection

from zhanggui.answers.lexicon import any_of, narrowing, words
from zhanggui.answers.screening import readable
from zhanggui.knowledge.markdown import plain
from zhanggui.knowledge.parts import CELLS, PATH
from zhanggui.records import Passage, Product
from zhanggui.store import passages
from zhanggui.text.segment import index_tokens

_HAN = re.compile(r"[\u3400-\u9fff]+")
_LATIN = re.compile(r"[a-z]{4,}")
_VARIANT = re.compile(r"[款号装色版型味级]$")
_AFTER = "(?:子|具|类|品)"
_WHOLE = r"(?![\u3400-\u9fff](?<![类商不拆开使已和及与或等均都的由走发需]))"
"""A category's name is no part of a longer word: 宠物, but not in 宠物饮水机."""
_POOL = 60


@dataclass(frozen=True, slots=True)
class Kind:
    """What a product is called, as a pattern for the lines of a rule."""

    pattern: re.Pattern[str] | None

    def named_in(self, text: str) -> bool:
        """Whether a readable text names this kind of product."""
        return self.pattern is not None and self.pattern.search(text) is not None


def kind_of(product: Product | None) -> Kind:
    """The kind of a product: its category, the noun that its title ends in, its classes."""
    if product is None:
        return Kind(None)
    attributes = "；".join(f"{name}：{value}" for name, value in product.attributes.items())
    return _kind(product.title, product.category, product.brand, attributes)


@lru_cache(maxsize=1024)
def _kind(title: str, category: str, brand: str, attributes: str) -> Kind:
    patterns = [re.escape(name) for name in sorted(heads(title, brand))]
    if head := _head(title, brand):
        # 袜子 and 袜类 for a 中筒袜; the bare last character would be in too many words.
        patterns.append(f"{re.escape(head[-1])}{_AFTER}")
    if len(group := readable(category)) > 1:
        patterns.append(re.escape(group) + _WHOLE)
    whole = readable(f"{category} {title}")
    known = narrowing()
    patterns += [word for word, members in known.classes.items() if re.search(members, whole)]
    whole = f"{whole} {readable(attributes)}"
    patterns += [word for word, members in known.features.items() if re.search(members, whole)]
    return Kind(any_of(patterns) if patterns else None)


@lru_cache(maxsize=8192)
def heads(title: str, brand: str = "") -> frozenset[str]:
    """What a title calls the thing: 餐盘, 盘餐盘 for 硅胶吸盘餐盘; all longer words in English."""
    if head := _head(title, brand):
        return frozenset(head[-size:] for size in (2, 3) if len(head) >= size)
    own = readable(brand)
    return frozenset(word for word in _LATIN.findall(readable(title)) if word not in own)


def _head(title: str, brand: str) -> str:
    """The end of the first piece of a title that names the thing, not a variant (分格款, 大号)."""
    for piece in title.split():
        runs = _HAN.findall(readable(piece).replace(readable(brand) or " ", " "))
        if runs and len(runs[-1]) > 1 and not _VARIANT.search(runs[-1]):
            return str(runs[-1])
    return ""


@lru_cache(maxsize=8192)
def line(passage: Passage) -> str:
    """The words of a passage that limit it: its text, its lead, its innermost heading."""
    last = passage.heading.split(PATH)[-1]
    return readable(plain(f"{'' if CELLS in last else last}\n{passage.question}\n{passage.text}"))


def conditions_of(text: str) -> frozenset[str]:
    """The states (opened, used, …) that a readable text names."""
    found = narrowing().condition_patterns.items()
    return frozenset(name for name, pattern in found if pattern.search(text))


def refuses(passage: Passage) -> bool:
    """Whether the passage takes something away from a rule."""
    return narrowing().refusal_pattern.search(line(passage)) is not None


def is_of_place(passage: Passage, said: str) -> bool:
    """Whether the passage names no place, or one that takes in a place of the text `said`."""
    wider, text = words().wider, line(passage)
    named = {place for place in wider if place in text}
    return not named or any(not named.isdisjoint(wider[place]) for place in wider if place in said)


def of_others(conn: Connection, given: Sequence[Passage], kind: Kind, said: str) -> frozenset[str]:
    """The ids of those shop-wide passages that name other products of the shop, and neither
    this kind nor anything that the customer named."""
    lines = {one.id: line(one) for one in given if one.product_id is None}
    tokens = {token for text in lines.values() for token in index_tokens(text) if len(token) > 1}
    hits = passages.search_text(conn, sorted(tokens), product_id=None, limit=_POOL * 4)
    titles = {
        one.heading
        for one in passages.get(conn, [key for key, _ in hits])
        if one.kind == "attribute"
    }
    nouns = frozenset().union(*(heads(title) for title in titles))
    return frozenset(
        key
        for key, text in lines.items()
        if not kind.named_in(text)
        and any(noun in text for noun in nouns)
        and not any(noun in said for noun in nouns if noun in text)
    )
