"""Sentences of the house: one attribute the way a shop owner says it (`frames/*.yaml`)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

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
_INNER = re.compile(r"[，,;；。]")
# 有，自动断电: the thing is there, and how.
_THERE = re.compile(r"^(有|支持|是|yes)[，,]\s*")
# A value that goes on from the name like a verb: 背带可拆卸, 粉尘率不高于1%.
_VERB = re.compile(
    r"可|能|含|附|带|配|需|分|按|不(?!锈)|低于|高于|约|每|单面|双面|适用|通用|仅|建议|支持|采用|随|另|"
    r"内置|外置|标配|最|高达|[\d≤≥<>±~-]"
)
# 无添加香精, 不含植脂末: a value that speaks for itself.
_DENIES = re.compile(r"(?:不|非|勿|未|禁|无法|\bnot|\bnever|\bdo not)\s?$")
_WITHOUT = re.compile(r"无(?!线|痕|级|缝|极)|不含|不加|不添加|不可|不能|未")
# Several statements: they follow the name as a list does.
_STATEMENTS = re.compile(r"[;；。]")
_BRACKETS = re.compile(r"[(（][^)）]*[)）]")
_BOTH = re.compile(r"(?:两用|通用)$")
_DOTS = " 。．.；;，,"
_WITHOUTS = frozenset(("不含", "不添加", "未添加", "free"))
_ALLOWED = frozenset(("可用", "可以", "可", "safe to use"))
_SHORT = {"zh": 14, "en": 34}


class _Sayings(DataModel):
    """Ways to say an attribute. `light` adds a remark; `topic` is shared by those that go into
    one line."""

    bullets: list[str]
    body: list[str]
    light: tuple[str, ...] = ()
    topic: str = ""


class _Kind(_Sayings):
    names: list[str]
    dimension: str = ""
    least: float = 0.0
    below: float = float("inf")
    listed: bool = False
    simple: bool = False
    part: str = ""
    short: tuple[str, ...] = ()

    def fits(self, name: str, fact: Fact) -> bool:
        """Whether this kind is the one for `fact` by its name, numbers and lists."""
        words = [
            word[1:] == name if word[0] == "=" else _word_in(word, name) for word in self.names
        ]
        value = fact.value.strip(_DOTS)
        if not any(words) or (self.listed and not _LIST.search(value)):
            return False
        if self.simple and _STATEMENTS.search(value):
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
    between: dict[Place, str]
    about: str
    """What the body begins with where no scene fits; {thing} is what the product is called."""
    meaning: dict[str, str]
    closings: list[str]
    proper: list[str]
    """First words of a value that stay in capitals within a sentence."""
    good_without: list[str]
    able: list[str]
    predicates: list[str]
    """Names that say by themselves what a thing is or does: 可机洗, 双面防滑."""
    without: _Sayings
    missing: _Sayings
    unable: _Sayings
    unsuited: _Sayings
    unsupported: _Sayings
    present: _Sayings
    supported: _Sayings
    predicate: _Sayings
    capable: _Sayings
    suited: _Sayings
    detailed: _Sayings
    allowed: _Sayings
    remark: _Sayings
    itself: _Sayings
    default: _Sayings
    presented: list[str]
    kinds: list[_Kind]
    scenes: list[_Scene]


@dataclass(frozen=True, slots=True)
class _Way:
    """How one attribute is said: the frames, and what is put into them."""

    sayings: _Sayings
    name: str
    value: str
    part: str
    language: Language

    @property
    def verbal(self) -> bool:
        """Whether the value goes on from the name without a word between."""
        return _VERB.match(normalise(self.value).text) is not None

    def line(self, frame: str) -> str:
        """`frame` filled: {be} and {use} are left out before a value that is a verb itself."""
        value = self.value
        if _INNER.search(value) or (not self.verbal and re.search(r"[\d、/]", value)):
            be = use = "："
        else:
            be, use = ("", "") if self.verbal else ("是", "采用")
        if self.language == "en" and re.search(r"[^:] \{value\}", frame):
            value = _within(value, _data("en").proper)
        line = frame.format(
            name=self.name, value=value, as_is=self.value, part=self.part, be=be, use=use
        )
        return _cased(_agreeing(line, self.name), self.language)


def framed(
    fact: Fact, language: Language, place: Place, turn: int, *, light: bool = False
) -> Iterator[tuple[str, str]]:
    """Ways to say `fact` as (frame, line), the one whose turn it is first; none where its words
    are not of `language`. With `light` those that add a remark come first."""
    way = _way(fact, language)
    if way is None:
        return
    lines = _turned(way.sayings.body if place == "body" else way.sayings.bullets, turn)
    for frame in _turned(way.sayings.light, turn) if light else ():
        yield frame, way.line(frame)
    meaning = _meaning(way.line(lines[0]), language) if light else ""
    if meaning:
        yield lines[0] + meaning, way.line(lines[0]) + meaning
    for frame in lines:
        yield frame, way.line(frame)


def has_remark(fact: Fact, language: Language) -> bool:
    """Whether something may be added to `fact`."""
    way = _way(fact, language)
    if way is None:
        return False
    return bool(way.sayings.light or _meaning(way.line(way.sayings.body[0]), language))


def _meaning(line: str, language: Language) -> str:
    """What follows for the buyer from `line`, to be put behind it; `` where nothing does."""
    said = _data(language).meaning.items()
    between = "，" if language == "zh" else ", "
    text = line.lower()
    for end, then in said:
        # 不可机洗 ends like 可机洗 and means the contrary.
        if text.endswith(end) and not _DENIES.search(text[: -len(end)]):
            return between + then
    return ""


def topic(fact: Fact, language: Language) -> str | None:
    """What `fact` is about, the same for facts that go into one line; None where it needs a line
    of its own."""
    way = _way(fact, language)
    if way is None or _INNER.search(way.value) or way.sayings == _data(language).detailed:
        return None
    if not way.sayings.topic and _LIST.search(way.value):
        return None
    return way.sayings.topic


def plainly(fact: Fact, language: Language) -> str:
    """`fact` in a clause of its own; `` where its words are not of `language`."""
    return next((line for _, line in framed(fact, language, "bullet", 0)), "")


def shortly(fact: Fact, language: Language) -> Iterator[str]:
    """`fact` in a few words, as they stand in a row of others."""
    way = _way(fact, language)
    if way is None or _INNER.search(way.value) or "、" in way.value:
        return
    data, name, value = _data(language), way.name, way.value
    frames: Sequence[str] = ()
    if isinstance(way.sayings, _Kind):
        frames = way.sayings.short
    elif way.sayings == data.itself:
        frames = ["{value}"]
    elif way.sayings == data.default:
        frames = _default_short(name, value, language)
    for frame in frames:
        if language == "zh" and value[-1].isdigit() and "{name}" in frame:
            frame = "{name}{value}"
        line = frame.format(name=name, value=value, as_is=value, part=way.part)
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


def joined(lines: Sequence[str], language: Language, place: Place) -> str:
    """Several statements in one line: 不含香精和酒精 where all begin alike."""
    if language == "zh":
        beginning = next(
            (
                word
                for word in ("不含", "不支持", "没有", "支持", "带")
                if lines[0].startswith(word)
            ),
            "",
        )
        alike = all(line.startswith(beginning) and "，" not in line for line in lines)
        if beginning and alike:
            things = [line.removeprefix(beginning) for line in lines]
            return beginning + "和".join(("、".join(things[:-1]), things[-1]))
        return _data(language).between[place].join(lines)
    return _data(language).between[place].join((lines[0], *map(_lowered, lines[1:])))


def presented(language: Language, turn: int) -> list[str]:
    """Sentences for search engines with {title} and {facts}."""
    return _turned(_data(language).presented, turn)


def scenes(product: Product, language: Language, turn: int) -> list[str]:
    """Openings for `product`: where a thing of its kind is used, first the one in turn; none
    where none fits for certain.

    What counts is the word that category and title end with, never the brand: 格子猫 sells
    puzzles, and what stands before (咖啡色 of a dress) is not what the thing is.
    """
    title = normalise(product.title.replace(product.brand.strip() or "\0", " ")).text
    pieces = [piece.strip() for piece in _PIECES.findall(title)]
    for called in ([_leaf(product)], pieces):
        found = [
            (len(word), scene)
            for scene in _data(language).scenes
            for word in scene.words
            if any(_ends(piece, word) for piece in called)
        ]
        if found:
            return _turned(max(found, key=lambda one: one[0])[1].lines, turn)
    return []


def closings(language: Language, turn: int) -> list[str]:
    """Last sentences of a body, the one whose turn it is first."""
    # Neighbours take different ones though each takes several.
    return _turned(_data(language).closings, turn * 3)


def about(product: Product, language: Language) -> str:
    """What a body without a scene begins with; `` where category and title do not agree on what
    the thing is."""
    leaf = _leaf(product)
    known = leaf and leaf in normalise(product.title).text
    return _data(language).about.format(thing=leaf) if known else ""


def _leaf(product: Product) -> str:
    """The last part of the category: 家具/沙发 are 沙发."""
    return re.split(r"[/>|]", normalise(product.category).text)[-1].strip()


def _ends(piece: str, word: str) -> bool:
    return piece.endswith((word, f"{word}s")) and _word_in(word.rstrip("s"), piece.rstrip("s"))


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


def _way(fact: Fact, language: Language) -> _Way | None:
    """How to say `fact`; None where its words are not of `language`."""
    value, name = spoken_value(fact, language), _name(fact, language)
    if value is None or not name:
        return None
    return _answer(fact, name, value, language) or _statement(fact, name, value, language)


def _answer(fact: Fact, name: str, value: str, language: Language) -> _Way | None:
    """How to say a yes or a no; None where `value` is neither."""
    data, words = _data(language), attribute_words()
    answer = normalise(value).text.strip(_DOTS)
    refused = answer in ("不支持", "not supported")
    sayings: _Sayings | None = None
    if answer in words.no or refused:
        sayings = _no(name, answer, language)
    elif says_no(fact.value) or _WITHOUT.match(answer):
        sayings = data.remark
    elif answer in words.yes or answer in _ALLOWED:
        sayings = _yes(name, answer, language)
    elif there := _THERE.match(answer):
        has = {"是": "带", "yes": ""}.get(there[1], there[1])
        return _Way(data.detailed, name, value[there.end() :], has, language)
    elif fact.attribute.startswith("是否"):
        # Neither yes nor no: 是否含虫卵：高温消毒 must not read as if it had any.
        sayings = data.remark
    if sayings is None:
        return None
    shown = name.removesuffix("适用") if sayings in (data.unsuited, data.suited) else name
    return _Way(sayings, shown, value, shown, language)


def _no(name: str, answer: str, language: Language) -> _Sayings:
    data = _data(language)
    if answer in _WITHOUTS or any(word in name.lower() for word in data.good_without):
        return data.without
    if name.endswith("适用"):
        return data.unsuited
    if answer in ("不支持", "not supported"):
        return data.unsupported
    return data.unable if name.startswith(tuple(data.able)) else data.missing


def _yes(name: str, answer: str, language: Language) -> _Sayings:
    data = _data(language)
    if answer in ("支持", "supported"):
        return data.supported
    if name.endswith("适用"):
        return data.suited
    if any(re.search(pattern, name) for pattern in data.predicates):
        return data.predicate
    if name in data.able:
        return data.capable
    return data.allowed if answer in {*_ALLOWED, "能", "可以"} else data.present


def _statement(fact: Fact, name: str, value: str, language: Language) -> _Way:
    data = _data(language)
    plain = normalise(name).text
    if plain.removesuffix("性") in _BRACKETS.sub("", normalise(value).text) or (
        plain.startswith("适用") and _BOTH.search(value)
    ):
        return _Way(data.itself, name, value, name, language)
    kind = next((kind for kind in data.kinds if kind.fits(plain, fact)), None)
    if kind is None:
        return _Way(data.default, name, value, name, language)
    part = _MATERIAL.sub("", name).strip()
    return _Way(kind, name, value, part if len(part) > 1 else kind.part or name, language)


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


def _within(value: str, proper: Sequence[str]) -> str:
    """`value` as it stands within a sentence: About 12 months begins small, Oat Stripe does not."""
    first, _, rest = value.partition(" ")
    name = first.strip(",") in proper or not first[1:].islower()
    return value if name or re.search(r"(?<![.;] )\b[A-Z][a-z]", rest) else _lowered(value)


def _lowered(text: str) -> str:
    """`text` as it stands within a sentence: BPA and pH stay as they are."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def _cased(line: str, language: Language) -> str:
    return line if language == "zh" or line.startswith("pH") else line[:1].upper() + line[1:]


def _turned(lines: Sequence[str], turn: int) -> list[str]:
    first = turn % len(lines) if lines else 0
    return [*lines[first:], *lines[:first]]


def _word_in(word: str, text: str) -> bool:
    if not word.isascii():
        return word in text
    return re.search(rf"\b{re.escape(word)}\b", text) is not None
