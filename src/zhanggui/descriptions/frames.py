"""Sentences of the house: one attribute the way a shop owner says it (`frames/*.yaml`)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from zhanggui.claims.facts import says_no
from zhanggui.claims.vocabulary import attribute_words
from zhanggui.descriptions.framefile import (
    BRACKETS,
    DOTS,
    LIST,
    STATEMENTS,
    Kind,
    Place,
    Sayings,
    frames_file,
    turned,
)
from zhanggui.descriptions.phrases import attributive, item, listed, lowered, parted, with_article
from zhanggui.records import Fact
from zhanggui.text.language import Language
from zhanggui.text.normalise import normalise

_HAN = re.compile(r"[\u3400-\u9fff]")
_MATERIAL = re.compile(r"材质|材料| material$")
_INNER = re.compile(r"[，,;；。]")
# 有，自动断电: the thing is there, and how.
_THERE = re.compile(r"^(有|支持|是|yes)(?:[，,]\s*|(?=[（(][^)）]*[)）]$))")
# A value that goes on from the name like a verb: 背带可拆卸, 粉尘率不高于1%.
_VERB = re.compile(
    r"可|能|含|附|带|配|需|分|按(?!键|压)|不(?!锈|粘)|低于|高于|约|每|单面|双面|适用|通用|仅|建议|支持|采用|随|另|"
    r"内置|外置|标配|最|高达|适中|偏|中等|免费|自动|满|[\d≤≥<>±~-]"
)
# A code or an amount that follows the name as it is: 防水等级IPX4, 单片尺寸宽1.5m×高2.7m.
_AMOUNT = re.compile(r"(?:[A-Za-z.-]+ ?|整机|单|全|共|直径|[长宽高厚深])[\d.]")
_FOR = re.compile(r"^(?:适用|适合|适配|推荐|建议)")
# 无添加香精, 不含植脂末: a value that speaks for itself.
_DENIES = re.compile(r"(?:不|非|勿|未|禁|无法|\bnot|\bnever|\bdo not)\s?$")
_WITHOUT = re.compile(r"无(?!线|痕|级|缝|极)|不含|不加|不添加|不可|不能|未")
_BOTH = re.compile(r"(?:两用|通用)$")
_WITHOUTS = frozenset(("不含", "不添加", "未添加", "free"))
_ALLOWED = frozenset(("可用", "可以", "可", "safe to use"))
_SHORT = {"zh": 14, "en": 34}
# A number or a few words: The noise level is 78 dB, the strings are nylon.
_SAYS_IT = re.compile(
    r"(?:approx\.? |about |up to |over |[±≤<>-])?\d|\S+(?: \S+){0,2}$|an? |.* with ", re.IGNORECASE
)
_ROUGHLY = frozenset(("approx", "about", "over", "under"))
_THE = re.compile(r"^(USA?|UK|United (?:States|Kingdom)|Netherlands|Philippines)\b")
# 2 (front and back): how many there are, and of what kind.
_COUNT = re.compile(r"(\d[\d,]*)( \(.*\))?$")
# What can stand in an English sentence after "is" without getting lost in it.
_LONGEST, _COMMAS = 48, 1


@dataclass(frozen=True, slots=True)
class _Way:
    """How one attribute is said: the frames, and what is put into them."""

    sayings: Sayings
    name: str
    value: str
    part: str
    language: Language

    @property
    def verbal(self) -> bool:
        """Whether the value goes on from the name without a word between."""
        return _VERB.match(normalise(self.value).text) is not None

    def line(self, frame: str) -> str:
        """`frame` filled; `` where the value does not go into it. {be} and {use} are left out
        before a value that is a verb itself, {head} is the value up to its first comma and what
        comes after it follows the sentence."""
        head, tail = parted(self.value)
        headed = "{head}" in frame or "{of}" in frame
        bare = re.search(r"\{(?:head|of|a_value)\}", frame) or (
            self.language == "en" and not re.search(r"[:;] ?\{value\}|^\{value\}", frame)
        )
        if bare and not self._goes_on(frame, head):
            return ""
        value, count = self.value, _COUNT.match(self.value)
        be, use = self._verbs()
        if self.language == "en" and re.search(r"[^:] \{(?:value|a_value|head|item|all)\}", frame):
            value = _within(value, frames_file("en").proper)
            head = _within(head, frames_file("en").proper)
        of = attributive(self.name, head) if "{of}" in frame else ""
        one = item(value, self.language) if "{item}" in frame else ""
        lacks = ("{of}" in frame and not of) or ("{count}" in frame and not count)
        if lacks or ("{item}" in frame and not one):
            return ""
        line = frame.format(
            name=self.name,
            value=value,
            as_is=_THE.sub(r"the \1", self.value),
            part=self.part,
            be=be,
            use=use,
            head=head,
            of=of,
            item=one,
            all=listed(value),
            fit=_FOR.sub("", self.name),
            way=self.name.removesuffix("方式"),
            a_value=with_article(value, self.language),
            a_name=with_article(self.name, self.language),
            count=count[1] if count else "",
            which=(count[2] or "") if count else "",
        )
        return _cased(_agreeing(line + (tail if headed else ""), self.name), self.language)

    def _goes_on(self, frame: str, head: str) -> bool:
        """Whether a sentence can go on with the value, and after its first comma with the rest."""
        if STATEMENTS.search(self.value):
            return False
        if self.language == "zh":
            headed = "{head}" in frame or "{of}" in frame
            free = head[:1].isdigit() or head[:2] in ("自动", "免费")
            return not (headed and self.verbal and not free)
        plain = re.sub(r"(?<=\d),(?=\d)", "", BRACKETS.sub("", self.value))
        if "{all}" in frame:
            return re.search(r"[:;/]", plain) is None
        if "{a_value}" in frame and ("," in plain or not _SAYS_IT.match(plain)):
            return False
        fits = len(self.value) <= _LONGEST and plain.count(",") <= _COMMAS
        return fits and not re.search(r"[:;/]", plain)

    def _verbs(self) -> tuple[str, str]:
        """What stands between name and value."""
        plain = BRACKETS.sub("", self.value)
        if STATEMENTS.search(plain) or (_INNER.search(plain) and not self.verbal):
            return "：", "："
        if self.verbal or _AMOUNT.match(plain):
            return "", ""
        if "、" in plain:
            return ("是", "用") if re.search(r"\d%", plain) else ("有", "有")
        return ("：", "：") if re.search(r"[\d/]", plain) else ("是", "用")


def framed(
    fact: Fact, language: Language, place: Place, turn: int, *, light: bool = False
) -> Iterator[tuple[str, str]]:
    """Ways to say `fact` as (frame, line), the one whose turn it is first; none where its words
    are not of `language`. With `light` those that add a remark come first."""
    way = _way(fact, language)
    if way is None:
        return
    frames = way.sayings.body if place == "body" else way.sayings.bullets
    lines = [(frame, way.line(frame)) for frame in _in_turn(frames, turn)]
    said = [(frame, line) for frame, line in lines if line]
    for frame in turned(way.sayings.light, turn) if light else ():
        if line := way.line(frame):
            yield frame, line
    meaning = _meaning(said[0][1], language) if light and said else ""
    if meaning:
        yield said[0][0] + meaning, said[0][1] + meaning
    yield from said
    # What no sentence takes is put after its name.
    plain = frames_file(language).default.bullets[-1]
    if isinstance(way.sayings, Kind) and all(frame != plain for frame, _ in said):
        yield plain, way.line(plain)


def _in_turn(frames: Sequence[str], turn: int) -> list[str]:
    """The frames from the one in turn; those that end with a list stay last, and so does the
    equation where there is a shorter way."""
    listing = [frame for frame in frames if re.search(r"[：:] ?\{|\{be\}", frame)]
    return [*turned([frame for frame in frames if frame not in listing], turn), *listing]


def has_remark(fact: Fact, language: Language) -> bool:
    """Whether something may be added to `fact`."""
    way = _way(fact, language)
    if way is None:
        return False
    said = filter(None, map(way.line, way.sayings.body))
    return bool(way.sayings.light or _meaning(next(said, ""), language))


def _meaning(line: str, language: Language) -> str:
    """What follows for the buyer from `line`, to be put behind it; `` where nothing does."""
    said = frames_file(language).meaning.items()
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
    if (
        way is None
        or _INNER.search(BRACKETS.sub("", way.value))
        or way.sayings == frames_file(language).detailed
    ):
        return None
    if not way.sayings.topic and LIST.search(way.value):
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
    data, name, value = frames_file(language), way.name, way.value
    frames: Sequence[str] = ()
    if isinstance(way.sayings, Kind):
        frames = way.sayings.short
    elif way.sayings == data.itself:
        frames = ["{value}"]
    elif way.sayings == data.default:
        frames = _default_short(name, value, language)
    for frame in frames:
        if language == "zh" and value[-1].isdigit() and "{name}" in frame:
            frame = "{name}{value}"
        of = attributive(name, value) if "{of}" in frame else value
        if not of:
            continue
        line = frame.format(
            name=name, value=value, as_is=value, part=way.part, of=of, fit=_FOR.sub("", name)
        )
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


def closed(sentence: str, language: Language) -> str:
    """`sentence` with an end mark."""
    bare = sentence.rstrip(DOTS)
    return bare if bare[-1:] in "！？!?" else bare + frames_file(language).closed


def spoken_value(fact: Fact, language: Language) -> str | None:
    """The value as it can stand in a sentence of `language`; None if it cannot."""
    value = " ".join(fact.value.split()).strip(DOTS)
    foreign = language == "en" and _HAN.search(value)
    return None if foreign or not value else value


def _way(fact: Fact, language: Language) -> _Way | None:
    """How to say `fact`; None where its words are not of `language`."""
    value, name = spoken_value(fact, language), _name(fact, language)
    if value is None or not name:
        return None
    return _answer(fact, name, value, language) or _statement(fact, name, value, language)


def _answer(fact: Fact, name: str, value: str, language: Language) -> _Way | None:
    """How to say a yes or a no; None where `value` is neither."""
    data, words = frames_file(language), attribute_words()
    answer = normalise(value).text.strip(DOTS)
    refused = answer in ("不支持", "not supported")
    sayings: Sayings | None = None
    given = name.removesuffix(" included")
    if answer in words.no or refused:
        sayings = _no(name, answer, language)
    elif says_no(fact.value) or _WITHOUT.match(answer):
        sayings = data.remark
    elif given != name and answer in words.yes:
        return _Way(data.present, given, value, given, language)
    elif answer in words.yes or answer in _ALLOWED:
        sayings = _yes(name, answer, language)
    elif there := _THERE.match(answer):
        has = {"是": "带", "yes": ""}.get(there[1], there[1])
        how = value[there.end() :]
        how = how[1:-1] if how[:1] in "（(" else how
        return _Way(data.detailed, name, how, has, language)
    elif fact.attribute.startswith("是否"):
        # Neither yes nor no: 是否含虫卵：高温消毒 must not read as if it had any.
        sayings = data.remark
    if sayings is None:
        return None
    shown = name.removesuffix("适用") if sayings in (data.unsuited, data.suited) else name
    return _Way(sayings, shown, value, shown, language)


def _no(name: str, answer: str, language: Language) -> Sayings:
    data = frames_file(language)
    if answer in _WITHOUTS or any(word in name.lower() for word in data.good_without):
        return data.without
    if name.endswith("适用"):
        return data.unsuited
    if answer in ("不支持", "not supported"):
        return data.unsupported
    able = name.startswith(tuple(data.able)) or (_speaks(name, language) and language == "en")
    return data.unable if able else data.missing


def _speaks(name: str, language: Language) -> bool:
    """Whether the name says by itself what the thing is."""
    return any(re.search(pattern, name) for pattern in frames_file(language).predicates)


def _yes(name: str, answer: str, language: Language) -> Sayings:
    data = frames_file(language)
    if answer in ("支持", "supported"):
        return data.supported
    if name.endswith("适用"):
        return data.suited
    if _speaks(name, language):
        return data.predicate
    if name in data.able:
        return data.capable
    return data.allowed if answer in {*_ALLOWED, "能", "可以"} else data.present


def _statement(fact: Fact, name: str, value: str, language: Language) -> _Way:
    data = frames_file(language)
    plain = normalise(name).text
    said = BRACKETS.sub("", normalise(value).text)
    parts = re.split("[/、]", plain.removesuffix("性"))
    if all(part in said for part in parts) or (plain.startswith("适用") and _BOTH.search(value)):
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
    return "" if _HAN.search(name) else lowered(name)


def _agreeing(line: str, name: str) -> str:
    """The sizes are, the size is."""
    plural = name.isascii() and (" and " in name or re.search(r"(?<!len)(?<!s)s$", name))
    return line.replace(f"{name} is ", f"{name} are ") if plural else line


def _within(value: str, proper: Sequence[str]) -> str:
    """`value` as it stands within a sentence: About 12 months begins small, Oat Stripe does not."""
    first, _, rest = value.partition(" ")
    numbered = rest[:1].isdigit() and first.strip(".").lower() not in _ROUGHLY
    name = first.strip(",") in proper or not first[1:].islower() or numbered
    capitals = re.findall(r"(?<![.;] )\b[A-Z][a-z]+", rest)
    return value if name or any(word not in proper for word in capitals) else lowered(value)


def _cased(line: str, language: Language) -> str:
    return line if language == "zh" or line.startswith("pH") else line[:1].upper() + line[1:]
