"""Sentences of the house: one attribute the way a shop owner says it (`frames/*.yaml`)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Literal
from zlib import crc32

from zhanggui.claims.facts import says_no
from zhanggui.claims.vocabulary import attribute_words
from zhanggui.descriptions.channel import PACKAGE
from zhanggui.records import Fact, Product
from zhanggui.text.datafile import DataModel, load
from zhanggui.text.language import Language
from zhanggui.text.normalise import normalise

Place = Literal["bullet", "body"]

_PIECES = re.compile(r"[\u3400-\u9fff]+|[a-z][a-z' -]*")
_HAN = re.compile(r"[\u3400-\u9fff]")
_MATERIAL = re.compile(r"材质|材料| material$")
_LIST = re.compile(r"[、/;；]|, | and ")
_INNER = re.compile(r"[、，,;；。]")
# 有，自动断电: the thing is there, and how.
_THERE = re.compile(r"^(?:有|支持|是|yes)[，,]\s*")
# A value that goes on from the name like a verb: 背带可拆卸, 粉尘率不高于1%.
_VERB = re.compile(r"可|能|含|附|带|配|需|分|按|不|低于|高于|约|每|单面|双面|[\d-]")
# 无添加香精, 不含植脂末: a value that speaks for itself.
_WITHOUT = re.compile(r"无(?!线|痕|级|缝|极)|不含|不添加|不可|不能|未")
_DOTS = " 。．.；;，,"
_ALLOWED = frozenset(("可用", "可以", "可", "safe to use"))
_SHORT = {"zh": 14, "en": 34}


class _Sayings(DataModel):
    names: list[str]
    body: list[str]


class _Kind(DataModel):
    names: list[str]
    bullets: list[str]
    body: list[str]
    dimension: str = ""
    least: float = 0.0
    below: float = float("inf")
    listed: bool = False
    part: str = ""
    short: tuple[str, ...] = ()

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
    between: str
    missing: _Sayings
    unsupported: _Sayings
    present: _Sayings
    detailed: _Sayings
    allowed: _Sayings
    remark: _Sayings
    itself: _Sayings
    verbal: _Sayings
    default: _Sayings
    presented: list[str]
    kinds: list[_Kind]
    scenes: list[_Scene]
    generic: list[str]


def framed(fact: Fact, language: Language, place: Place, turn: int) -> Iterator[tuple[str, str]]:
    """Ways to say `fact` as (frame, line), the one whose turn it is first; none where its words
    are not of `language`."""
    value, name = spoken_value(fact, language), _name(fact, language)
    if value is None or not name:
        return
    sayings, part = _sayings(fact, name, language)
    lines = sayings.body if place == "body" else sayings.names
    values = {"name": name, "value": _THERE.sub("", value), "part": part}
    for line in _turned(lines, turn + crc32(fact.attribute.encode())):
        yield line, _cased(_agreeing(line.format(**values), name), language)


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


def plainly(fact: Fact, language: Language) -> str:
    """`fact` in a clause of its own; `` where its words are not of `language`."""
    value, name = spoken_value(fact, language), _name(fact, language)
    if value is None or not name:
        return ""
    data, (sayings, _) = _data(language), _sayings(fact, name, language)
    if sayings in (data.missing, data.unsupported, data.present, data.detailed, data.allowed):
        return next((line for _, line in framed(fact, language, "bullet", 0)), "")
    if sayings in (data.remark, data.itself):
        return _cased(value, language)
    if language == "en":
        return _cased(f"{name}: {value}", language)
    return f"{name}{value}" if _VERB.match(normalise(value).text) else f"{name}是{value}"


def is_plain(fact: Fact, language: Language) -> bool:
    """Whether there is nothing to add to `fact`: it can share a line with another one."""
    value, name = spoken_value(fact, language), _name(fact, language)
    if value is None or not name or _INNER.search(value):
        return False
    sayings, _ = _sayings(fact, name, language)
    return sayings in (_data(language).default, _data(language).verbal)


def shortly(fact: Fact, language: Language) -> Iterator[str]:
    """`fact` in a few words, as they stand in a row of others."""
    value, name = spoken_value(fact, language), _name(fact, language)
    if value is None or not name or _INNER.search(value):
        return
    sayings, part = _sayings(fact, name, language)
    kind = _kind(fact, name, language)
    data = _data(language)
    frames: Sequence[str] = ()
    if kind is not None and sayings.body == kind.body:
        frames = kind.short
    elif sayings == data.itself:
        frames = ["{value}"]
    elif sayings in (data.default, data.verbal):
        frames = _default_short(name, value, language)
    for frame in frames:
        line = frame.format(name=name, value=value, part=part)
        if line == value + name and value[-1] == name[0]:
            # 扣领 says of itself that it is a 领型.
            line = value
        if len(line) <= _SHORT[language]:
            yield line
            return


def _default_short(name: str, value: str, language: Language) -> list[str]:
    if language == "zh":
        return ["{name}{value}"] if re.match(r"[\d约]", value) else []
    words = name.split()
    if words[-1] in ("for", "on", "from", "in"):
        return []
    # screw lid says of itself that it is a type of lid.
    told = any(word[:5] in value for word in words if len(word) > 2)
    return ["{value}"] if told else ["{value} {name}"]


def joined(first: str, second: str, language: Language) -> str:
    """Two statements in one line."""
    return first + _data(language).between + (second if language == "zh" else _lowered(second))


def presented(language: Language, turn: int) -> list[str]:
    """Sentences for search engines with {title} and {facts}."""
    return _turned(_data(language).presented, turn)


def scenes(product: Product, language: Language, turn: int) -> list[str]:
    """Openings for `product`: where a thing of its kind is used, first the one in turn."""
    data = _data(language)
    title, category = normalise(product.title).text, normalise(product.category).text
    for scene in data.scenes:
        if any(_names_it(word, title) for word in scene.words):
            return _turned(scene.lines, turn)
    for scene in data.scenes:
        if any(_word_in(word, category) for word in scene.words):
            return _turned(scene.lines, turn)
    return _turned(data.generic, turn)


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
    foreign = language == "en" and _HAN.search(value)
    return None if foreign or not value else value


@cache
def _data(language: Language) -> _FramesFile:
    return load(_FramesFile, PACKAGE, f"frames/{language}.yaml")


def _sayings(fact: Fact, name: str, language: Language) -> tuple[_Sayings, str]:
    """The ways to say `fact` and what {part} is in them."""
    data = _data(language)
    answer = normalise(fact.value).text.strip(_DOTS)
    words = attribute_words()
    if says_no(fact.value) or _WITHOUT.match(answer):
        if answer in ("不支持", "not supported"):
            return data.unsupported, ""
        return (data.missing if answer in words.no else data.remark), ""
    if answer in _ALLOWED or (answer in words.yes and answer in ("能", "可以")):
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
    kind = _kind(fact, name, language)
    if kind is not None:
        part = _MATERIAL.sub("", name).strip()
        sayings = _Sayings(names=kind.bullets, body=kind.body)
        return sayings, part if len(part) > 1 else kind.part or name
    return (data.verbal if _VERB.match(answer) else data.default), ""


def _kind(fact: Fact, name: str, language: Language) -> _Kind | None:
    plain = normalise(name).text
    return next((kind for kind in _data(language).kinds if kind.fits(plain, fact)), None)


def _name(fact: Fact, language: Language) -> str:
    """The attribute's name in `language`; `` if it has none."""
    name = fact.attribute.removeprefix("是否")
    if language == "zh":
        return name if _HAN.search(name) or _HAN.search(fact.value) else ""
    return "" if _HAN.search(name) else _lowered(name)


def _agreeing(line: str, name: str) -> str:
    """The sizes are, the size is."""
    plural = name.isascii() and name.endswith("s") and not name.endswith("ss")
    return line.replace(f"{name} is ", f"{name} are ") if plural else line


def _lowered(text: str) -> str:
    """`text` as it stands within a sentence: BPA and pH stay as they are."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def _cased(line: str, language: Language) -> str:
    return line if language == "zh" or line.startswith("pH") else line[:1].upper() + line[1:]


def _turned(lines: Sequence[str], turn: int) -> list[str]:
    first = turn % len(lines)
    return [*lines[first:], *lines[:first]]


def _word_in(word: str, text: str) -> bool:
    if not word.isascii():
        return word in text
    return re.search(rf"\b{re.escape(word)}\b", text) is not None
