"""Attributes, title, brand and category of a product as typed facts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from zhanggui.claims.lexicon import lexicon
from zhanggui.claims.vocabulary import attribute_words, negated
from zhanggui.records import Fact, Product, Quantity
from zhanggui.text.normalise import normalise, well_formed
from zhanggui.text.quantities import YEAR, quantities

TITLE, BRAND, CATEGORY, PRICE = "标题", "品牌", "类目", "价格"
IDENTITY = frozenset((TITLE, BRAND, CATEGORY))
_AGES = (
    (Decimal("0.01"), "新生儿"),
    (Decimal(1), "婴儿"),
    (Decimal(3), "幼儿"),
    (Decimal(14), "儿童"),
)
_INVERTED = (
    "不含", "不具备", "不包含", "不包括", "无添加", "免添加", "不添加", "未添加", "零添加",
    "禁用", "不适用", "不适合", "慎用", "禁忌", "不适宜", "不宜", "忌用",
    "free of", "free from", "not suitable",
)  # fmt: skip
_COUNTED = re.compile(r"([\u4e00-\u9fff])数量?$")
_AGE_NAME = re.compile(r"\bages?\b")
_ACIDITY = re.compile(r"(?i)(?<![a-z])ph(?![a-z])")
_BARE_AGE = re.compile(r"\d+")
_VALUE_END = re.compile(r"[\s，,。；;（(]")
_LIST = re.compile(r"[、，,;；/|和及]")
_TAG = re.compile(r"<[^<>]{1,200}>")


def facts_of(product: Product, *, price: bool = False) -> tuple[Fact, ...]:
    """The facts that copy about `product` may state, attributes first, in their order.

    The price is a fact only when asked for: it changes without the copy.
    """
    return tuple(_facts(product, price))


def _facts(product: Product, price: bool) -> Iterator[Fact]:
    for name, value in product.attributes.items():
        clean = _TAG.sub(" ", well_formed(value)).strip()
        if clean:
            yield fact(well_formed(name).strip(), clean)
    for name, value in (
        (TITLE, product.title),
        (BRAND, product.brand),
        (CATEGORY, product.category),
    ):
        if value.strip():
            yield fact(name, _TAG.sub(" ", well_formed(value)).strip(), kind="identity")
    if price and product.price is not None:
        yield fact(PRICE, f"{product.price:f}元", kind="quantity")


def fact(attribute: str, value: str, *, kind: str = "") -> Fact:
    """One attribute with its value parsed; `!term` among the terms means that it is denied."""
    amounts = tuple(span.quantity for span in quantities(value))
    if not amounts and re.fullmatch(r"[\d.,]+", value.strip()):
        amounts = _with_unit_of_name(attribute, value)
    if not amounts and _ACIDITY.search(attribute):
        amounts = tuple(span.quantity for span in quantities(f"pH{value}"))
    if not amounts and _is_age(attribute):
        # 8+ and 3-6 are years.
        spoken = _BARE_AGE.sub(lambda match: f"{match[0]}岁", value.replace("+", "以上"), count=2)
        amounts = tuple(span.quantity for span in quantities(spoken))
    return Fact(
        attribute=attribute,
        value=value,
        kind=kind or _kind(attribute, bool(amounts)),
        quantities=amounts,
        terms=tuple(dict.fromkeys(_terms(attribute, value))),
    )


def _with_unit_of_name(attribute: str, value: str) -> tuple[Quantity, ...]:
    """`容量(ml)`: `500` is 500 ml, `每包张数`: `500` are 500 sheets."""
    counted = _COUNTED.search(attribute.strip())
    if counted:
        return tuple(span.quantity for span in quantities(value.strip() + counted[1]))
    match = re.search(r"[(（\[/]\s*([^()（）\[\]]{1,8})\s*[)）\]]?$", attribute)
    return tuple(span.quantity for span in quantities(value.strip() + match[1])) if match else ()


def _kind(attribute: str, numbers: bool) -> str:
    name = normalise(attribute).text
    for kind, words in attribute_words().kinds.items():
        if any(word in name for word in words):
            return kind
    return "quantity" if numbers else "text"


def _terms(attribute: str, value: str) -> Iterator[str]:
    name, content = normalise(attribute).text, normalise(value).text
    kind = _kind(attribute, numbers=False)
    if kind == "colour":
        yield from _base_colours(content)
    inverted = denies_its_values(attribute)
    if _is_age(attribute):
        yield from _of_age(value)
    if "肤质" in name:
        # 干性、中性: the values of a skin type go without the word for skin.
        content = "、".join(piece.removesuffix("性") + "性肌肤" for piece in _pieces(content))
    own: set[str] = set()
    for span in lexicon().find(content):
        if kind != "material" and not span.term.meant(content[span.start : span.end], value):
            continue
        deny = inverted or negated(content, span.start, span.end)
        own.add(span.term.name)
        yield ("!" if deny else "") + span.term.name
    denied = says_no(value)
    for span in lexicon().find(name):
        # 保温时长, 洗碗机适用: the name is a function of the product too, unless the value denies.
        if (
            span.term.kind in ("function", "ingredient", "certificate")
            and span.term.name not in own
        ):
            yield ("!" if denied else "") + span.term.name


def _is_age(attribute: str) -> bool:
    name = normalise(attribute).text
    return "年龄" in name or "月龄" in name or _AGE_NAME.search(name) is not None


def _base_colours(content: str) -> Iterator[str]:
    """曜黑 and 浅灰 are black and grey, whatever the shade is called."""
    for piece in _LIST.split(content):
        name = piece.strip().removesuffix("色")
        for span in (*lexicon().find(name[-1:]), *lexicon().find(f"{name}色")):
            if span.term.kind == "colour":
                yield span.term.name


def _of_age(value: str) -> Iterator[str]:
    """Whom an age means: a toy from 3 years on is for children, one from 6 months on for babies."""
    amounts = [span.quantity for span in quantities(value)]
    years = [amount.low for amount in amounts if amount.dimension == "age"]
    years += [amount.low / YEAR for amount in amounts if amount.dimension == "time"]
    for most, term in _AGES:
        if years and years[0] < most:
            yield term


def _pieces(content: str) -> list[str]:
    bare = (re.sub(r"(?:肌肤|皮肤|肤质|肤)$", "", piece.strip()) for piece in _LIST.split(content))
    return [piece for piece in bare if piece]


def denies_its_values(attribute: str) -> bool:
    """Whether the attribute's name says that its values are not there (不含: 香精、酒精)."""
    name = normalise(attribute).text
    return any(word in name for word in _INVERTED)


def says_no(value: str) -> bool:
    """Whether a value says that what its attribute names is not there (视频输出: 不支持)."""
    first = _VALUE_END.split(normalise(value).text.strip())[0]
    denials = attribute_words().no
    # Norway does not say no.
    han = (no for no in denials if len(no) > 1 and not no.isascii())
    return first in denials or any(first.startswith(no) for no in han)
