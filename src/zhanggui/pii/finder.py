"""Personal data in free text.

What has a format (numbers, addresses of the net, names of accounts) is found by patterns,
names and postal addresses of people by `people.py`; where both claim a place, the format wins.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from zhanggui.pii.context import context_numbers, list_after
from zhanggui.pii.gate import may_hold_people
from zhanggui.pii.patterns import BLANK, RULES, Found, foreign_phones
from zhanggui.pii.people import people_in
from zhanggui.pii.words import WORDS, EntityType
from zhanggui.text.normalise import normalise
from zhanggui.text.traditional import simplified

_NUMERALS = "零〇一二三四五六七八九幺壹贰叁肆伍陆柒捌玖"
_SPOKEN = str.maketrans(_NUMERALS, "00123456789" + "1" + "123456789")
_SPOKEN_RUN = re.compile(rf"[{_NUMERALS}\d](?:[ -]?[{_NUMERALS}\d]){{6,}}")
_WRITTEN = re.compile(r"\d{7}")
_HINT = re.compile(
    rf"[\d@＠①-⑨⓪⁰¹²³⁴-⁹₀-₉⑴-⑼⒈-⒐]|[{_NUMERALS}](?:.?[{_NUMERALS}]){{6}}"
    r"|旺旺|淘宝|会员|买家|天猫|taobao|wangwang|微信|薇信|威信|weixin|wechat|[vwＶＷ][xXＸ信]|加[vＶ微]",
    re.IGNORECASE,
)
_TAG = "[b-df-hj-np-tv-z]"
_NAMES = "|".join(sorted((re.escape(name) for name in WORDS.names.values()), key=len, reverse=True))
TOKEN = re.compile(rf"〔(?:{_NAMES})·{_TAG}{{6,16}}〕")
"""A pseudonym of the vault. The tag holds no digit, so no number can hide behind its form."""
_PLACEHOLDER = re.compile(rf"\[(?:{_NAMES})\]|〔(?:{_NAMES})·{_TAG}{{6,16}}〕", re.IGNORECASE)
_DIGIT = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Entity:
    """A span of personal data: `text == whole[start:end]`."""

    type: EntityType
    start: int
    end: int
    text: str


_Span = tuple[int, int, EntityType]


class _Work:
    """The normal form of a text, in simplified characters, with what was found shrunk to blanks.

    What stands around a value is thus the same whether the value or a placeholder is there,
    which makes masking a masked text change nothing.
    """

    def __init__(self, text: str) -> None:
        form = normalise(text)
        self.text = simplified(form.text)
        # The same with capitals, which tell names in Latin letters.
        self.cased = simplified(
            "".join(
                text[offset] if text[offset].lower() == char else char
                for char, offset in zip(form.text, form.offsets, strict=False)
            )
        )
        self.starts = list(form.offsets[:-1])
        self.ends = [start + 1 for start in self.starts]
        for match in reversed(list(_PLACEHOLDER.finditer(self.text))):
            self._shrink(match.start(), match.end())

    def take(self, spans: list[_Span]) -> Iterator[_Span]:
        """Shrinks `spans` (sorted) and gives their place in the original text."""
        limit = len(self.text) + 1
        for start, end, kind in reversed(spans):
            # One original character may have become several here; it is taken whole.
            while start and self.starts[start - 1] == self.starts[start]:
                start -= 1
            while end < len(self.text) and self.starts[end] == self.starts[end - 1]:
                end += 1
            if end > limit:
                continue
            yield self.starts[start], self.ends[end - 1], kind
            self._shrink(start, end)
            limit = start

    def _shrink(self, start: int, end: int) -> None:
        self.text = self.text[:start] + BLANK + self.text[end:]
        self.cased = self.cased[:start] + BLANK + self.cased[end:]
        self.starts[start:end] = [self.starts[start]]
        self.ends[start:end] = [self.ends[end - 1]]


def find(text: str, *, people: bool = True) -> list[Entity]:
    """The personal data in `text`, in order and without overlap.

    Types: PHONE (mobile, and foreign numbers), LANDLINE, ID_CARD (check digit), BANK_CARD
    (prefix and Luhn), EMAIL, ORDER_NO, TRACKING_NO, WECHAT, QQ, WANGWANG, PLATE, IP, and
    unless `people` is false NAME (without title) and ADDRESS. Full-width, spaced and
    Chinese-numeral digits count. Placeholders of `mask` and tokens of the vault do not.
    """
    return find_all([text], people=people)[0]


def find_all(texts: Sequence[str], *, people: bool = True) -> list[list[Entity]]:
    """What `find` says of each text; many texts at once take the student less time."""
    found: list[list[Entity]] = [[] for _ in texts]
    works: dict[int, _Work] = {}
    for index, text in enumerate(texts):
        plain = simplified(text)
        if _HINT.search(plain) or (people and may_hold_people(plain)):
            works[index] = _Work(text)
            found[index] += _formatted(works[index], text)
    while people and works:
        spans = people_in([(work.text, work.cased) for work in works.values()])
        works = {
            index: work for (index, work), one in zip(works.items(), spans, strict=True) if one
        }
        for (index, work), one in zip(works.items(), filter(None, spans), strict=True):
            found[index] += _entities(work, one, texts[index])
            found[index] += _formatted(work, texts[index])
    return [sorted(entities, key=lambda entity: entity.start) for entities in found]


def _formatted(work: _Work, text: str) -> Iterator[Entity]:
    while spans := _one_pass(work.text):
        yield from _entities(work, spans, text)


def _entities(work: _Work, spans: list[_Span], text: str) -> list[Entity]:
    return [Entity(kind, start, end, text[start:end]) for start, end, kind in work.take(spans)]


def mask(text: str) -> tuple[str, list[Entity]]:
    """`text` with each entity replaced by its name in brackets, and the entities.

    The offsets of the entities are those of the original. Masking twice changes nothing more.
    """
    return mask_all([text])[0]


def mask_all(texts: Sequence[str]) -> list[tuple[str, list[Entity]]]:
    """What `mask` makes of each text."""
    return [
        (masked(text, entities), entities)
        for text, entities in zip(texts, find_all(texts), strict=True)
    ]


def masked(text: str, entities: Sequence[Entity]) -> str:
    """`text` with each of `entities` (of this text, sorted) replaced by its name in brackets."""
    pieces: list[str] = []
    end = 0
    for entity in entities:
        pieces += (text[end : entity.start], f"[{WORDS.names[entity.type]}]")
        end = entity.end
    return "".join((*pieces, text[end:]))


def _one_pass(text: str) -> list[_Span]:
    if not text.isascii():
        text = _SPOKEN_RUN.sub(_spoken, text)
    taken: list[Found] = []
    for start, end, kind in _candidates(text):
        if all(end <= other[0] or start >= other[1] for other in taken):
            taken.append((start, end, kind))
            if kind in ("ORDER_NO", "TRACKING_NO"):
                taken.extend((*span, kind) for span in list_after(text, end))
    return sorted((start, end, kind) for start, end, kind in taken if kind is not None)


def _spoken(run: re.Match[str]) -> str:
    # A number written in digits ends with them: 19900001234四川.
    return run[0] if _WRITTEN.search(run[0]) else run[0].translate(_SPOKEN)


def _candidates(text: str) -> Iterator[Found]:
    digits = len(_DIGIT.findall(text))
    for rule in RULES:
        if digits >= rule.needs:
            yield from rule.find(text)
    if digits >= 7:
        yield from foreign_phones(text)
    if digits >= 8:
        yield from context_numbers(text)
