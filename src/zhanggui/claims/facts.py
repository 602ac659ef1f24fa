"""Attributes, title, brand and category of a product as typed facts."""

from __future__ import annotations

import re
from collections.abc import Iterator

from zhanggui.claims.lexicon import lexicon
from zhanggui.claims.vocabulary import attribute_words, negated
from zhanggui.records import Fact, Product, Quantity
from zhanggui.text.normalise import normalise
from zhanggui.text.quantities import quantities

TITLE, BRAND, CATEGORY, PRICE = "标题", "品牌", "类目", "价格"
IDENTITY = frozenset((TITLE, BRAND, CATEGORY))
_TAG = re.compile(r"<[^<>]{1,200}>")


def facts_of(product: Product, *, price: bool = False) -> tuple[Fact, ...]:
    """The facts that copy about `product` may state, attributes first, in their order.

    The price is a fact only when asked for: it changes without the copy.
    """
    return tuple(_facts(product, price))


def _facts(product: Product, price: bool) -> Iterator[Fact]:
    for name, value in product.attributes.items():
        clean = _TAG.sub(" ", value).strip()
        if clean:
            yield fact(name.strip(), clean)
    for name, value in (
        (TITLE, product.title),
        (BRAND, product.brand),
        (CATEGORY, product.category),
    ):
        if value.strip():
            yield fact(name, _TAG.sub(" ", value).strip(), kind="identity")
    if price and product.price is not None:
        yield fact(PRICE, f"{product.price:f}元", kind="quantity")


def fact(attribute: str, value: str, *, kind: str = "") -> Fact:
    """One attribute with its value parsed; `!term` among the terms means that it is denied."""
    amounts = tuple(span.quantity for span in quantities(value))
    if not amounts and re.fullmatch(r"[\d.,]+", value.strip()):
        amounts = _with_unit_of_name(attribute, value)
    return Fact(
        attribute=attribute,
        value=value,
        kind=kind or _kind(attribute, bool(amounts)),
        quantities=amounts,
        terms=tuple(dict.fromkeys(_terms(attribute, value))),
    )


def _with_unit_of_name(attribute: str, value: str) -> tuple[Quantity, ...]:
    """`容量(ml)`: `500` is 500 ml."""
    match = re.search(r"[(（\[/]\s*([^()（）\[\]]{1,8})\s*[)）\]]?$", attribute)
    return tuple(span.quantity for span in quantities(value.strip() + match[1])) if match else ()


def _kind(attribute: str, numbers: bool) -> str:
    name = normalise(attribute).text
    for kind, words in attribute_words().kinds.items():
        if any(word in name for word in words):
            return kind
    return "quantity" if numbers else "text"


def _terms(attribute: str, value: str) -> Iterator[str]:
    words = attribute_words()
    name, content = normalise(attribute).text, normalise(value).text
    denied = re.split(r"[\s，,。；;（(]", content.strip())[0] in words.no
    for span in lexicon().find(name):
        # 适用人群, 洗碗机适用: the name of an attribute is a term of the product unless denied.
        if span.term.kind in ("function", "ingredient", "certificate"):
            yield ("!" if denied else "") + span.term.name
    inverted = any(word in name for word in ("不含", "无添加", "免添加", "free of"))
    for span in lexicon().find(content):
        deny = inverted or negated(content, span.start, span.end)
        yield ("!" if deny else "") + span.term.name
