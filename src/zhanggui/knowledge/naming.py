"""Which products a heading names, so that a section about one never answers for its sibling."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

from zhanggui.records import Product

_DOTS = re.compile(r"[\s·・_]+")
# Beside Chinese a space says nothing; between English words it does.
_IDLE = re.compile(r"(?<=[\u2e80-\uffef]) | (?=[\u2e80-\uffef])")
_MODEL = re.compile(r"型号|货号|款号|model|sku", re.IGNORECASE)
_CODE = re.compile(r"[a-z0-9][a-z0-9./+-]*[a-z0-9]")
# 保温杯 is a kind of goods; a title that says less than this tells no product.
_LEAST = 5


class ProductNames:
    """The titles, ids and model numbers of a shop's products."""

    def __init__(self, products: Iterable[Product]) -> None:
        self._products: dict[str, set[str]] = {}
        for product in products:
            for name in filter(_tells, map(_folded, _names(product))):
                self._products.setdefault(name, set()).add(product.id)
        # The longest first: a title may begin as its sibling's whole title does.
        self._sorted = sorted(self._products, key=lambda name: (-len(name), name))

    def innermost(self, headings: Sequence[str]) -> tuple[str, ...]:
        """The ids of the products that the last of `headings` which names any does name."""
        for heading in reversed(headings):
            if named := self._named(_folded(heading)):
                return named
        return ()

    def _named(self, heading: str) -> tuple[str, ...]:
        found: set[str] = set()
        for name in self._sorted:
            start = heading.find(name)
            if start < 0 or not _stands_alone(heading, start, start + len(name)):
                continue
            found |= self._products[name]
            heading = heading.replace(name, "\0")
        return tuple(sorted(found))


NO_PRODUCTS = ProductNames(())
"""Of a shop that has none."""


def _names(product: Product) -> Iterable[str]:
    yield product.title
    yield product.id
    yield from (value for name, value in product.attributes.items() if _MODEL.search(name))


def _folded(text: str) -> str:
    form = unicodedata.normalize("NFKC", text).lower()
    return _IDLE.sub("", _DOTS.sub(" ", form)).strip()


def _tells(name: str) -> bool:
    if _CODE.fullmatch(name):
        return len(name) > 2 and any(char.isdigit() for char in name) and not name.isdigit()
    return len(name) >= _LEAST


def _stands_alone(text: str, start: int, end: int) -> bool:
    """P01 does not stand in P012, nor 500ml in 1500ml."""
    left, right = text[start - 1 : start], text[end : end + 1]
    cut_left = left.isascii() and left.isalnum() and text[start].isascii()
    cut_right = right.isascii() and right.isalnum() and text[end - 1].isascii()
    return not cut_left and not cut_right
