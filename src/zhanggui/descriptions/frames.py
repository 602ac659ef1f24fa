"""Sentences of the house: one attribute the way a shop owner says it (`frames/*.yaml`)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Literal
from zlib import crc32

from zhanggui.claims.facts import says_no
from zhanggui.claims.lexicon import lexicon
from zhanggui.claims.vocabulary import attribute_words
from zhanggui.descriptions.channel import PACKAGE
from zhanggui.records import Fact, Product
from zhanggui.text.datafile import DataModel, load
from zhanggui.text.language import Language
from zhanggui.text.normalise import normalise

Place = Literal["bullet", "body"]

_PIECES = re.compile(r"[\u3400-\u9fff]+|[a-z][a-z' -]*")
_HAN = re.compile(r"[\u3400-\u9fff]")
_MATERIAL = re.compile(r"材质|材料")
_LIST = re.compile(r"[、/;；]|, | and ")
# 有，自动断电: the thing is there, and how.
_THERE = re.compile(r"^(?:有|支持|是|yes)[，,]\s*")
# A value that goes on from the name like a verb: 背带可拆卸, 粉尘率不高于1%.
_VERB = re.compile(r"可|能|含|附|带|配|需|分|按|不|低于|高于|约|单面|双面")
# Words of another language, not units and codes.
_WORDS = re.compile(r"[a-z]{4,}")
# 无添加香精, 不含植脂末: a value that speaks for itself.
_WITHOUT = re.compile(r"无(?!线|痕|级|缝|极)|不含|不添加|不可|不能|未")
_DOTS = " 。．.；;，,"
# 年 and 个月 say the same in both languages; most other values do not.
_SPOKEN = re.compile(r"(\d+(?:\.\d+)?)\s*(年|个月|天|小时|分钟|片|支|件|双|米)")
_UNITS = {
    "年": "year",
    "个月": "month",
    "天": "day",
    "小时": "hour",
    "分钟": "minute",
    "片": "piece",
    "支": "piece",
    "件": "piece",
    "双": "pair",
    "米": "m",
}


class _Sayings(DataModel):
    names: list[str]
    body: list[str]
    spare: bool = False
    """Whether the ways for any attribute do as well."""


class _Kind(DataModel):
    names: list[str]
    bullets: list[str]
    body: list[str]
    dimension: str = ""
    least: float = 0.0
    below: float = float("inf")
    listed: bool = False
    part: str = ""

    def fits(self, name: str, fact: Fact) -> bool:
        """Whether this kind is the one for `fact` by its name, numbers and lists."""
        words = [
            word[1:] == name if word[0] == "=" else _word_in(word, name) for word in self.names
        ]
        if not any(words) or (self.listed and not _LIST.search(fact.value.strip(_DOTS))):
            return False
        if not self.dimension:
            return True
        amounts = [one.low for one in fact.quantities if one.dimension == self.dimension]
        return bool(amounts) and self.least <= amounts[0] < self.below


class _Scene(DataModel):
    words: list[str]
    lines: list[str]


class _FramesFile(DataModel):
    closed: str
    missing: _Sayings
    unsupported: _Sayings
    present: _Sayings
    detailed: _Sayings
    allowed: _Sayings
    remark: _Sayings
    itself: _Sayings
    verbal: _Sayings
    default: _Sayings
    kinds: list[_Kind]
    scenes: list[_Scene]
    generic: list[str]
    attributes: dict[str, str]
    """Names of attributes in the language of the file, for products told in another one."""


def framed(fact: Fact, language: Language, place: Place, seed: str) -> Iterator[tuple[str, str]]:
    """Ways to say `fact` as (frame, line), the one that `seed` picks first; none where its words
    are not of `language`."""
    value, name = spoken_value(fact, language), _name(fact, language)
    if value is None or not name:
        return
    sayings, part = _sayings(fact, name, language)
    lines = sayings.body if place == "body" else sayings.names
    values = {"name": name, "value": _THERE.sub("", value), "part": part}
    turned = _turned(lines, f"{seed}:{fact.attribute}")
    if sayings.spare:
        # Two attributes of one kind, and every way of that kind is used up.
        plain = _data(language).default
        turned += _turned(plain.body if place == "body" else plain.names, seed)
    for line in turned:
        yield line, _cased(line.format(**values), language)


def head(fact: Fact, language: Language) -> str:
    """`fact` without a word beside it, for others to go on from; `` where it says yes or no."""
    value, name = spoken_value(fact, language), _name(fact, language)
    if value is None or not name:
        return ""
    sayings, part = _sayings(fact, name, language)
    data = _data(language)
    if sayings in (data.missing, data.unsupported, data.present, data.detailed, data.allowed):
        return ""
    if sayings in (data.remark, data.itself):
        return value
    if language == "en":
        return _cased(f"{name}: {value}", language)
    return f"{part}是{value}" if part != name and part else f"{name}{value}"


def scenes(product: Product, language: Language, seed: str) -> list[str]:
    """Openings for `product`: where a thing of its kind is used, the first by `seed`."""
    data = _data(language)
    title, category = normalise(product.title).text, normalise(product.category).text
    for scene in data.scenes:
        if any(_names_it(word, title) for word in scene.words):
            return _turned(scene.lines, seed)
    for scene in data.scenes:
        if any(_word_in(word, category) for word in scene.words):
            return _turned(scene.lines, seed)
    return _turned(data.generic, seed)


def _names_it(word: str, title: str) -> bool:
    """Whether a piece of the title ends with `word`: what it ends with is what the thing is
    called, and what stands before (咖啡色 of a dress, 洗衣 of a liquid) is not."""
    pieces = (piece.strip() for piece in _PIECES.findall(title))
    return any(piece.endswith((word, f"{word}s")) and _word_in(word, piece) for piece in pieces)


def closed(sentence: str, language: Language) -> str:
    """`sentence` with an end mark."""
    bare = sentence.rstrip(_DOTS)
    return bare if bare[-1:] in "！？!?" else bare + _data(language).closed


def spoken_value(fact: Fact, language: Language) -> str | None:
    """The value as it can stand in a sentence of `language`; None if it cannot."""
    value = " ".join(fact.value.split()).strip(_DOTS)
    if language == "zh":
        foreign = not _HAN.search(fact.attribute + value) and _WORDS.search(value)
        return None if foreign or not value else value
    if _HAN.search(value) and says_no(value):
        return "no"
    pieces = [_english(piece.strip()) for piece in _LIST.split(value)] if value else []
    if not pieces or not all(pieces):
        return None
    return ", ".join(dict.fromkeys(pieces)) if _HAN.search(value) else value


def _english(piece: str) -> str:
    """A piece of a value in English: numbers and words of the lexicon; `` if it is neither."""
    if not _HAN.search(piece):
        return piece
    if short := _SPOKEN.fullmatch(piece):
        unit = _UNITS[short[2]]
        return f"{short[1]} {unit}{'s' if unit != 'm' and short[1] != '1' else ''}"
    for span in lexicon().find(normalise(piece).text):
        word = lexicon().english(span.term.name)
        if word and span.term.kind in ("material", "colour"):
            return word
        if word and span.term.kind == "origin":
            return word.title()
    return ""


@cache
def _data(language: Language) -> _FramesFile:
    return load(_FramesFile, PACKAGE, f"frames/{language}.yaml")


def _sayings(fact: Fact, name: str, language: Language) -> tuple[_Sayings, str]:
    """The ways to say `fact` and what {part} is in them."""
    data = _data(language)
    answer = normalise(fact.value).text.strip(_DOTS)
    words = attribute_words()
    if language == "en" and _HAN.search(answer) and says_no(fact.value):
        return (data.unsupported if "支持" in answer else data.missing), ""
    if says_no(fact.value) or _WITHOUT.match(answer):
        if answer in ("不支持", "not supported"):
            return data.unsupported, ""
        return (data.missing if answer in words.no else data.remark), ""
    if answer in ("可用", "可以", "可") or (answer in words.yes and answer in ("能", "可以")):
        return data.allowed, ""
    if answer in words.yes:
        return data.present, ""
    if _THERE.match(answer):
        return data.detailed, ""
    if fact.attribute.startswith("是否"):
        # Neither yes nor no: 是否含虫卵：高温消毒 must not read as if it had any.
        return data.remark, ""
    if name.lower() in answer:
        return data.itself, ""
    for kind in data.kinds:
        if kind.fits(normalise(name).text, fact):
            part = _MATERIAL.sub("", name).strip()
            sayings = _Sayings(names=kind.bullets, body=kind.body, spare=True)
            return sayings, part if len(part) > 1 else kind.part or name
    return (data.verbal if _VERB.match(answer) else data.default), ""


def _name(fact: Fact, language: Language) -> str:
    """The attribute's name in `language`; `` if it has none."""
    name = _data(language).attributes.get(fact.attribute, fact.attribute).removeprefix("是否")
    if language == "zh":
        return name if _HAN.search(name) or _HAN.search(fact.value) else ""
    return "" if _HAN.search(name) else name[:1].lower() + name[1:]


def _cased(line: str, language: Language) -> str:
    return line if language == "zh" else line[:1].upper() + line[1:]


def _turned(lines: Sequence[str], seed: str) -> list[str]:
    first = crc32(seed.encode()) % len(lines)
    return [*lines[first:], *lines[:first]]


def _word_in(word: str, text: str) -> bool:
    if not word.isascii():
        return word in text
    return re.search(rf"\b{re.escape(word)}\b", text) is not None
