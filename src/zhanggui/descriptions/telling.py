"""A product in the language of the text: in the shop's own words, translated where it must be."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from zhanggui.claims.conflicts import without_conflicts
from zhanggui.claims.facts import BRAND, CATEGORY, TITLE, fact, facts_of
from zhanggui.claims.lexicon import lexicon
from zhanggui.descriptions.glossary import HAN, Glossary
from zhanggui.records import Evidence, Fact, Product
from zhanggui.text.language import Language, language_of

_CHINESE = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
_LATIN_WORD = re.compile(r"[a-z]{4,}")
_PIECES = re.compile(r"[\s,，|·]+")
_NUMBERED = re.compile(
    r"(?<![a-z0-9.])\d+(?:\.\d+)?\s?[a-z\"]{0,3}(?![a-z0-9.\u3400-\u9fff])", re.IGNORECASE
)
_SMALL = frozenset(("and", "or", "with", "for", "of", "in", "to", "per"))


@dataclass(frozen=True, slots=True)
class Told:
    """A product as a text of one language can tell it."""

    product: Product
    facts: tuple[Fact, ...]
    """What copy may state: the data's own facts and these told."""
    titled: bool
    """Whether the title could be told."""
    origins: Mapping[Evidence, Evidence]
    """Where what was told comes from in the data."""
    settled: bool
    """Whether the data agree with themselves."""

    @property
    def own_facts(self) -> tuple[Fact, ...]:
        """The facts in the language of the text."""
        return facts_of(self.product)


def told(product: Product, language: Language, words: Glossary) -> Told:
    """`product` in `language`; what nobody can tell for certain and what the data contradict is
    left out, though both values stay among the facts: a text that has one is doubted."""
    own, data = facts_of(product), without_conflicts(product)
    origins: dict[Evidence, Evidence] = {}
    attributes: dict[str, str] = {}
    for name, value in data.attributes.items():
        new_name, new_value = _attribute(name, value, language, words)
        if new_name and new_value and new_name not in attributes:
            attributes[new_name] = new_value
            origins[Evidence(new_name, new_value)] = Evidence(name.strip(), value)
    title = _title(data, language, words)
    category = _text(data.category, language, words)
    brand = _text(data.brand, language, words)
    for name, new, old in (
        (TITLE, title, data.title),
        (BRAND, brand, data.brand),
        (CATEGORY, category, data.category),
    ):
        origins[Evidence(name, new)] = Evidence(name, old)
    shown = replace(
        data,
        title=title or data.title,
        category=category,
        brand=brand,
        attributes=attributes,
    )
    mine = tuple(one for one in facts_of(shown) if one not in own)
    return Told(shown, (*own, *mine), bool(title), origins, settled=data is product)


def _foreign(text: str, language: Language) -> bool:
    if language == "en":
        return bool(_CHINESE.search(text))
    return not HAN.search(text) and bool(_LATIN_WORD.search(text))


def _attribute(name: str, value: str, language: Language, words: Glossary) -> tuple[str, str]:
    if language == "zh":
        if HAN.search(name + value) or not re.search("[a-z]", name):
            return name, words.reworded(value)
        new_name, new_value = words.name(name), words.value(value)
    else:
        new_name = words.name(name) if _foreign(name, language) else name
        new_value = words.value(value) if _foreign(value, language) else value
    if fact(name, value).kind == "origin" and value != new_value:
        new_value = _place(value, new_value, language, words)
    return new_name, words.reworded(new_value)


def _place(value: str, said: str, language: Language, words: Glossary) -> str:
    """A place of origin, the largest part first in Chinese; in English its largest part alone,
    since few lists know a town."""
    if language == "zh":
        return "".join(reversed(said.split("、")))
    if "," in said:
        return said
    beginnings = (words.value(value[:end]) for end in range(2, len(value) + 1))
    place = next(filter(None, beginnings), "")
    inside = any("中国" in lexicon().broader(span.term.name) for span in lexicon().find(value))
    return f"{place}, China" if place and inside and place != "China" else place


def _text(text: str, language: Language, words: Glossary) -> str:
    return words.value(text) if _foreign(text, language) else words.reworded(text)


def _title(product: Product, language: Language, words: Glossary) -> str:
    """The title told piece by piece; of a piece with unknown words only what the thing is called
    and its number. `` if it does not come out what the thing is."""
    data = " ".join((product.title, *product.attributes.values()))
    if language_of(data) == language and not (language == "en" and HAN.search(product.title)):
        return words.reworded(product.title)
    brand = product.brand.strip()
    title = product.title.replace(brand, " ") if brand else product.title
    pieces = _PIECES.split(title) if language == "en" else title.split(",")
    said: list[str] = []
    named = False
    for piece in filter(None, map(str.strip, pieces)):
        name = words.thing(_NUMBERED.sub("", piece).strip())
        new = words.value(piece)
        if not new and not named:
            new = " ".join((name, *_NUMBERED.findall(piece))).strip() if name else ""
        if not new:
            new = " ".join(_NUMBERED.findall(piece)).strip()
        named = named or bool(name)
        if new and not any(new in one for one in said):
            said.append(new)
    if not named:
        name = words.value(product.category)
        if not name or not said:
            return ""
        said.insert(0, name)
    shown = brand if not _foreign(brand, language) or language == "zh" else words.value(brand)
    if language == "zh":
        return " ".join(filter(None, (shown, *said)))
    return " ".join(filter(None, (shown, _headline(", ".join(said)))))


def _headline(text: str) -> str:
    words = [
        word if word in _SMALL or not word.islower() or len(word) < 3 else word.capitalize()
        for word in text.split(" ")
    ]
    return " ".join(words)
