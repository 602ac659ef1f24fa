"""What a thing is said to do: 去除污垢, 保护屏幕 need a fact, 提升氛围 is praise."""

from __future__ import annotations

import re
from collections.abc import Iterator

import rjieba

from zhanggui.claims.known import Known
from zhanggui.claims.marks import Clause, Mark
from zhanggui.claims.vocabulary import effects, negated, opinion_words
from zhanggui.records import Fact
from zhanggui.text.normalise import fold

_WHY = "商品资料里没有这样的效果"
_SHARE = 0.5
_HAN = re.compile(r"[\u4e00-\u9fff]")
_IDLE = frozenset("的了着过地得和与及或在对把被让给更很都也就到以及其")
_NOMINAL = ("保护", "防护", "支撑")
_FURTHER = re.compile(r"\s+(?:while|so|when|as|whenever|wherever|after|before|and you|that you)\b")
_WORD = re.compile(r"[a-z]+(?:-[a-z]+)*")
# Advice to the buyer: 记得密封，防止受潮.
_ADVICE = re.compile(r"请|建议|记得|注意|切勿|尽量|务必|别|不要|不可")


def effect_marks(clause: Clause, known: Known) -> list[Mark]:
    """A mark for every effect that the clause names."""
    return [*_chinese(clause, known), *_english(clause, known)]


def _chinese(clause: Clause, known: Known) -> Iterator[Mark]:
    text, end = clause.norm, len(clause.norm)
    for match in effects().chinese.finditer(text):
        kind = match.lastgroup or ""
        start = match.start(kind)
        words = _object(text, match.end())
        if not words or negated(text, start, start):
            continue
        if kind != "promise" and _mood(words, text[match.end() :]):
            continue
        if kind == "always" and _ADVICE.search(clause.sentence):
            continue
        fact = _said(text[start:end], known)
        if fact is not None:
            yield Mark(start, end, "supported", fact)
        else:
            yield Mark(start, end, "unsupported", None, _WHY, open=True)
        return


def _object(text: str, start: int) -> list[str]:
    """The words that say what the effect is on: nouns, verbs and adjectives after `start`."""
    tagged = rjieba.tag(text[start:])
    things = any(tag[:1] in "njsaz" or tag in ("vn", "l", "eng") for _, tag in tagged)
    if text[:start].endswith(_NOMINAL) and not things:
        # 防干烧保护默默守候 names nothing that it is done to.
        return []
    return [word for word, tag in tagged if tag[:1] in "nvaljbsg" and word not in _IDLE]


def _mood(words: list[str], rest: str) -> bool:
    moods = effects().moods
    return words[-1] in moods or words[0] in moods or rest.startswith(tuple(moods))


def _said(phrase: str, known: Known) -> Fact | None:
    """The fact that holds most of the characters of `phrase`: 防止受潮 is the 防潮 of 密封防潮."""
    wanted = {char for char in phrase if _HAN.match(char) and char not in _IDLE}
    best: Fact | None = None
    most = 0.0
    for text, fact in known.folded:
        held = len(wanted & set(text)) / max(len(wanted), 1)
        if held > most:
            best, most = fact, held
    return best if most >= _SHARE else None


def _english(clause: Clause, known: Known) -> Iterator[Mark]:
    text = clause.norm
    for match in effects().english.finditer(text):
        stop = _FURTHER.search(text, match.end())
        end = stop.start() if stop else len(text)
        words = [word for word in _WORD.findall(text[match.end() : end]) if len(word) > 2]
        content = [word for word in words if word not in opinion_words()]
        if not content or content[-1] in effects().moods or negated(text, match.start(), 0):
            continue
        stem = match[0][:5]
        for folded, fact in known.folded:
            held = sum(fold(word.rstrip("s")) in folded for word in content)
            if stem in folded and held >= _SHARE * len(content):
                yield Mark(match.start(), end, "supported", fact)
                break
        else:
            yield Mark(match.start(), end, "unsupported", None, _WHY, open=True)
        return
