"""The small vocabularies of verification: attribute names, negations, cues, praise."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Literal

from pydantic import RootModel

from zhanggui.claims.lexicon import PACKAGE
from zhanggui.text.datafile import DataModel, load

_LOOKBACK = 40
Need = Literal["literal", "object", "kind", "measure", "place", "ratio", "word"]


class _Negations(DataModel):
    before: list[str]
    after: list[str]


class _Counts(DataModel):
    beings: tuple[str, ...]
    actions: tuple[str, ...]
    bodies: tuple[str, ...]
    journeys: tuple[str, ...]
    distances: tuple[str, ...]
    owned: tuple[str, ...]


class AttributeWords(DataModel):
    """`attributes.yaml`: what attribute names and yes/no values say."""

    kinds: dict[str, list[str]]
    yes: list[str]
    no: list[str]
    generic: list[str]
    compounds: list[str]
    same: list[list[str]]
    negations: _Negations
    counts: _Counts
    measured: list[str]
    figurative: list[str]
    suitability: list[str]


class _CueData(DataModel):
    name: str
    needs: Need
    why: str
    patterns: list[str]
    fact_kind: str = ""
    narrow: bool = False
    whole: bool = False
    spoken: bool = False
    dimensions: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


class _FactualData(DataModel):
    before: list[str]
    after: list[str]
    included: list[str]
    including: list[str]
    suits: list[str]
    english: list[str]


class _CuesFile(DataModel):
    cues: list[_CueData]
    factual: _FactualData


class _EffectsZh(DataModel):
    always: list[str]
    able: list[str]
    ability: list[str]
    promise: list[str]
    resist: list[str]
    nouns: list[str]
    moods: list[str]


class _EffectsEn(DataModel):
    always: list[str]
    moods: list[str]


class _EffectsFile(DataModel):
    zh: _EffectsZh
    en: _EffectsEn


class _OpinionFile(DataModel):
    zh: list[str]
    en: list[str]


class _AspectsFile(RootModel[dict[str, dict[str, list[str]]]]):
    pass


@dataclass(frozen=True, slots=True)
class Cue:
    """A way of speaking that is a claim whatever it is about."""

    name: str
    needs: Need
    why: str
    fact_kind: str
    narrow: bool
    """Whether the claim is the group `key` or `object` alone, not the whole match."""
    whole: bool
    """Whether it is the whole clause that claims."""
    spoken: bool
    """Whether the same words are often mere talk."""
    dimensions: tuple[str, ...]
    words: tuple[str, ...]
    pattern: re.Pattern[str]


@cache
def attribute_words() -> AttributeWords:
    """The words of `attributes.yaml`."""
    return load(AttributeWords, PACKAGE, "lexicons/attributes.yaml")


@cache
def cues() -> tuple[Cue, ...]:
    """The cues of `cues.yaml`, patterns compiled."""
    data = load(_CuesFile, PACKAGE, "lexicons/cues.yaml")
    measured = "|".join(attribute_words().measured)
    return tuple(
        Cue(
            cue.name,
            cue.needs,
            cue.why,
            cue.fact_kind,
            cue.narrow,
            cue.whole,
            cue.spoken,
            cue.dimensions,
            cue.words,
            re.compile(pattern.replace("{measured}", measured)),
        )
        for cue in data.cues
        for pattern in cue.patterns
    )


@dataclass(frozen=True, slots=True)
class Effects:
    """Ways to say what a thing does (`verb`, then its object) and what makes that mere praise."""

    chinese: re.Pattern[str]
    english: re.Pattern[str]
    moods: frozenset[str]


@cache
def effects() -> Effects:
    """The verbs and moods of `effects.yaml`."""
    data = load(_EffectsFile, PACKAGE, "lexicons/effects.yaml")
    zh = data.zh
    able = rf"(?:{'|'.join(zh.ability)})[\u4e00-\u9fff]{{0,3}}?(?P<able>{'|'.join(zh.able)})"
    plain = rf"(?P<always>{'|'.join(zh.always)})|(?P<promise>{'|'.join(zh.promise)})"
    ends = rf"(?!{'|'.join(zh.nouns)})"
    return Effects(
        re.compile(rf"(?:{plain}|{able}|(?P<resist>{'|'.join(zh.resist)})){ends}(?:了|着|过)?"),
        re.compile(rf"\b(?:{'|'.join(data.en.always)})\b"),
        frozenset((*zh.moods, *data.en.moods)),
    )


@dataclass(frozen=True, slots=True)
class FactualWords:
    """Words that make a statement of fact of the unknown words around them."""

    before: re.Pattern[str]
    after: re.Pattern[str]
    suits: re.Pattern[str]
    included: re.Pattern[str]
    including: re.Pattern[str]


@cache
def factual_words() -> FactualWords:
    """The words of `cues.yaml`."""
    data = load(_CuesFile, PACKAGE, "lexicons/cues.yaml").factual
    english = "|".join(sorted(data.english, key=len, reverse=True))
    return FactualWords(
        re.compile(rf"{'|'.join(data.before)}|\b(?:{english})\b"),
        re.compile("|".join(data.after)),
        re.compile("|".join(data.suits)),
        re.compile("|".join(data.included)),
        re.compile("|".join(data.including)),
    )


def is_included(text: str, start: int, end: int) -> bool:
    """Whether lower-case NFKC `text` names at `[start, end)` what comes with the goods or is a
    part of them: with a carry bag, 附赠收纳袋."""
    words = factual_words()
    return bool(words.included.search(text[:start]) or words.including.match(text[end:]))


@cache
def opinion_words() -> frozenset[str]:
    """Words of praise, scenes and grammar."""
    data = load(_OpinionFile, PACKAGE, "lexicons/opinion.yaml")
    return frozenset(word for line in (*data.zh, *data.en) for word in line.split())


@cache
def measures() -> frozenset[str]:
    """All words that name a measure: 宽, 续航, weight."""
    return frozenset(word for pairs in aspects().values() for word, _ in pairs)


@cache
def aspects() -> dict[str, tuple[tuple[str, str], ...]]:
    """Dimension → (word, aspect), longest word first."""
    data = load(_AspectsFile, PACKAGE, "lexicons/aspects.yaml").root
    return {
        dimension: tuple(
            sorted(
                ((word, aspect) for aspect, words in entries.items() for word in words),
                key=lambda pair: len(pair[0]),
                reverse=True,
            )
        )
        for dimension, entries in data.items()
    }


@cache
def _negation_patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    words = attribute_words().negations
    before = sorted(words.before, key=len, reverse=True)
    pieces = [rf"(?<![a-z]){re.escape(word)}" if word[0].isascii() else word for word in before]
    return (
        re.compile(
            rf"(?<![\d.])(?:{'|'.join(pieces)})\s?(?:含有?|添加|使用|用于|[放加]?[进入]|任何|any|added)?\s?$"
        ),
        re.compile("|".join(map(re.escape, words.after))),
    )


# A denial some words before (别往洗碗机里丢, 不含香精、酒精) or after (微波炉都不能放).
_DENIED_BEFORE = re.compile(
    r"(?:(?<![特级区分个告鉴送差类性])别(?![致样人墅说提的名具])|不要|不能|不可以?|勿|没有?(?!想)"
    r"|不[连带含加接插放是设配]|不具备|不提供|不自带|未[设配带]|[上用进放配装连泡洗]不[了得]"
    r"|没加|无需|不必|不支持|不添加|未添加|不适[用合]|不建议|不宜|禁用|慎用|(?<![从绝])无(?![论比数限线痕缝极]))"
    r"[^，。；,;（）()！？!?\s就也便都而即可能又还的]{0,5}(?:[^，。；,;（）()]{1,8}[、和与及或/])*$"
    r"|\b(?:not|never|no|without|avoid|skip|out of|away from|don't|doesn't|isn't|aren't|won't"
    r"|cannot|can't)"
    r"(?: [a-z'-]+){0,3} ?$"
    # Every item of a list: free from dyes, phosphates and parabens.
    r"|\b(?:free of|free from|contains? no|no added|without"
    r"|(?:has|have|with|it's|are|there's|there is) no)"
    r"(?: (?!(?:made|with|but|it|is|are|uses?|yet|so|while|has|comes)\b)[a-z'-]+,?)* ?$"
)
_OF_OTHERS = frozenset(("没有", "不含", "不支持"))
_GOES_ON = re.compile(r"[\u4e00-\u9fff](?<![的哦呢了啦呀吧])")
_DENIED_AFTER = re.compile(
    r"(?:[、和与及或/][^，。；,;]{1,8})*[^，。；,;]{0,2}?(?:都|也|就|均|则)?"
    r"(?:(?:不能|不可以?|不要|别|不行|不适[合用]|不支持|不可用|勿|禁止?)[放用进洗烫碰沾连喝吃穿戴]?(?:入|使用|食用|饮用|服用)?[它了]?[哦的喔啦呀噢]?$"
    r"|[^，。；,;]{0,6}?(?:都|也|全|一概|一律|统统|通通)(?:没有?|不|没)[加含添放用]?[的哦啦呢]?$"
    r"|请?换(?:别|其他|[个把块只])|请?(?:避开|避让|绕道|绕行|退散|慎入|除外)|就算了|就免了|[得要需请]?(?:自己|自行|另外|单独|另)(?:购?买|购|准备|备|配)|自备|不在内)"
)


def _denied_after(match: re.Match[str] | None, text: str) -> bool:
    """Whether what follows a term denies it; 拉链没有拉片 speaks of something else."""
    return match is not None and not (
        match[0] in _OF_OTHERS and _GOES_ON.match(text, match.end()) is not None
    )


def negated(text: str, start: int, end: int) -> bool:
    """Whether the term at `[start, end)` of lower-case NFKC `text` is denied."""
    before, after = _negation_patterns()
    head = text[max(0, start - _LOOKBACK) : start]
    return bool(
        before.search(head[-14:])
        or _denied_after(after.match(text, end), text)
        or _DENIED_BEFORE.search(head)
        or _DENIED_AFTER.match(text, end)
    )
