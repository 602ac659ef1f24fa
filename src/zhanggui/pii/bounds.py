"""Where a name or an address begins and ends, when the student cut it short or drew it long.

A name of Chinese characters is a surname and one or two more; what the student leaves out of a
word, or takes from the next one, is mended here. In doubt a character too many is taken: one
left out is one not covered.
"""

from __future__ import annotations

import re

import rjieba

from zhanggui.pii.lexicon import PEOPLE, PLACES, SURNAMES, known_name

_CHINESE = re.compile(r"[\u3400-\u9fff]+")
_GIVEN = frozenset(PEOPLE.given)
_COMMON = frozenset(PEOPLE.surnames_common) | frozenset(PEOPLE.surnames_compound)
_WORDS = frozenset(PEOPLE.not_names) | frozenset(PEOPLE.calm)
_TIME = re.compile("[明今后前昨当][天年日晚]")
# May stand in names, and mostly begin what is said next.
_TALK = frozenset("好有可来同和家多少后以在是不天年月日时中上下")
_PARTICLES = frozenset("哦呢吧啊吗嘛呀哈啦哟噢喔诶的了着站们")
_AHEAD = 6
_DIGIT = re.compile(r"\d")
_PLACE_NAMES = frozenset((*PLACES.cities, *PLACES.towns, *PLACES.provinces))
_STARTED_AMID = re.compile(
    rf"[\u3400-\u9fff]{{1,2}}(?=(?:{'|'.join(PLACES.provinces)})(?:省|自治区))"
)


def whole_name(text: str, start: int, end: int, begins: dict[int, str]) -> tuple[int, int]:
    """The bounds of the Chinese name that `[start, end)` holds most of; others stay."""
    if not _CHINESE.fullmatch(text, start, end):
        return start, end
    start = _with_surname(text, start, end, begins)
    size = _surname_size(text, start, end)
    if not size:
        return start, end
    if size == 1 and end > start + 3 and known_name(text, start + 1) == end:
        return start + 1, end
    return start, _shortened(text, start, _lengthened(text, start + size, end), size)


def _with_surname(text: str, start: int, end: int, begins: dict[int, str]) -> int:
    """小红 with 宋 before it."""
    bare = end - start <= 2 and not _surname_size(text, start, end) and _given(text[start:end])
    if bare:
        for size in (2, 1):
            before = start - size
            if before >= 0 and known_name(text, before) == end:
                return before
            if before in begins and text[before:start] in SURNAMES:
                return before if begins[before][0] not in "cpr" else start
    return start


def _surname_size(text: str, start: int, end: int) -> int:
    for size in (2, 1):
        if start + size <= end and text[start : start + size] in SURNAMES:
            return size
    return 0


def _lengthened(text: str, given: int, end: int) -> int:
    """The end of a name whose given part begins at `given`, with the word that `end` cuts."""
    if end > given + 1:
        return end
    rest = _CHINESE.match(text, given)
    if rest is None:
        return end
    words = rjieba.cut(rest[0][:_AHEAD], False)
    if len(words[0]) == 2 and _given(words[0]) and _said_of_nobody(words[0]):
        return given + 2
    last = text[given + 1 : given + 2]
    closes = rest.end() == given + 2 and last in _GIVEN and last not in _TALK
    if closes and text[given] in _GIVEN:
        return given + 2
    return max(end, given + 1) if text[given] in _GIVEN and text[given] not in _TALK else end


def _said_of_nobody(word: str) -> bool:
    return word not in _WORDS and not _TIME.fullmatch(word) and word[0] not in _TALK


def _shortened(text: str, start: int, end: int, size: int) -> int:
    """Without what follows the name: particles, the next name, more than a name can hold."""
    given = start + size
    while end > given + 1 and text[end - 1] in _PARTICLES:
        end -= 1
    if end > given + 1 and text[end - 1] in SURNAMES and known_name(text, end - 1) > end:
        end -= 1
    common = text[start:given] in _COMMON and _given(text[given : given + 2])
    return given + 2 if common and end > given + 2 else end


def _given(word: str) -> bool:
    return all(char in _GIVEN for char in word)


def whole_address(text: str, start: int, end: int) -> tuple[int, int]:
    """The bounds of the address in `[start, end)`: no number and no place's name cut in two."""
    while end < len(text) and _DIGIT.match(text, end) and _DIGIT.match(text, end - 1):
        end += 1
    amid = _STARTED_AMID.match(text, start, end)
    if amid is not None:
        return amid.end(), end
    return _with_place(text, start), end


def _with_place(text: str, start: int) -> int:
    """济南 where the address was said to begin with 南."""
    for before in range(max(0, start - 2), start):
        if any(text[before : start + more] in _PLACE_NAMES for more in (1, 2)):
            return before
    return start
