"""A cheap look at a text: may it hold a name or an address at all?"""

from __future__ import annotations

import re

import rjieba

from zhanggui.pii.evident import NAME_ALONE
from zhanggui.pii.lexicon import PEOPLE, PLACES, SURNAME, SURNAMES, known_name
from zhanggui.text.normalise import well_formed

_CHINESE = re.compile(r"[\u3400-\u9fff]")
_LATIN_WORD = re.compile(r"[A-Za-zÀ-ɏЀ-ӿ]{2,}")
_LATIN_NAMES = frozenset(PEOPLE.latin_first) | frozenset(PEOPLE.latin_last)
_CALM = frozenset(PEOPLE.not_names) | frozenset(PEOPLE.calm)
_PLACE_SIGN = re.compile(
    r"[路街巷弄栋幢镇乡村庄屯]|大道|胡同|单元|小区|花园|公寓|大厦|广场|家园|社区|宿舍|大学|学院"
    r"|中学|小学|校区|医院|酒店|工业园|科技园|产业园|[省市区县盟旗州].{1,8}[省市区县旗座号]"
    r"|[号层楼]\d|\d[室号]\w|[府苑湾城座]\d|[\u3400-\u9fff][座区]\d"
)
_CUES = [
    cue for cue in PEOPLE.cues if not cue.isascii() and (len(cue) > 2 or cue in ("姓名", "户名"))
]
_NAME_SIGN = re.compile(
    f"(?:{'|'.join(map(re.escape, sorted(_CUES, key=len, reverse=True)))})"
    r"[:：是叫写为]?\s*(?:[\u3400-\u9fff]{2}|[a-zA-Z]{3})"
)
_CALLED = re.compile(f"{SURNAME}(?:{'|'.join(PEOPLE.sure_titles)})")
_FAMILIAR = re.compile(
    f"[老小阿][{PEOPLE.surnames_common}](?![\u3400-\u9fff])|[老小阿][{PEOPLE.surnames_common}](?:说|在|那|的|给|收|让|来)"
    f"|[{PEOPLE.surnames_common}](?:总|姐|哥|叔|姨|工|董|局|队|院长|校长|大爷|大妈|同学)"
)
_LATIN_ROADS = "|".join(re.escape(word) for word in PLACES.latin_road_words if word.isascii())
_LATIN_SIGN = re.compile(rf"\d+,? [a-z]+ (?:[a-z]+ )?(?:{_LATIN_ROADS})\b", re.IGNORECASE)
_DOUBLE = frozenset(PEOPLE.surnames_compound)
# Parts of speech that no surname alone is taken for, and those of words that nobody listed.
_FUNCTION = frozenset("cdpuryq")
_UNLISTED = frozenset({"x", "nz", "nt", "i", "j"})
_SHORT = 4


def may_hold_people(text: str) -> bool:
    """Whether `text` is worth the time of the student of names and addresses."""
    words = _LATIN_WORD.findall(text)
    if not _CHINESE.search(text):
        return bool(words)
    if (
        _PLACE_SIGN.search(text)
        or _NAME_SIGN.search(text)
        or _CALLED.search(text)
        or _FAMILIAR.search(text)
        or NAME_ALONE.search(text)
    ):
        return True
    if words and (any(word.lower() in _LATIN_NAMES for word in words) or _LATIN_SIGN.search(text)):
        return True
    if any(known_name(text, at) > at for at in range(len(text) - 2)):
        return True
    bare = text.strip(" \t\r\n,，.。!！?？~\ue000")
    if len(bare) <= _SHORT and bare[:1] in SURNAMES and bare not in _CALM:
        return True
    return _named(rjieba.tag(well_formed(text)))


def _named(words: list[tuple[str, str]]) -> bool:
    for (word, tag), (after, _) in zip(words, [*words[1:], ("", "")], strict=True):
        if word in _CALM:
            continue
        if tag.startswith("nr") or word[:2] in _DOUBLE:
            return True
        if word[0] not in SURNAMES:
            continue
        if len(word) > 1 and tag in _UNLISTED:
            return True
        given = 0 < len(after) <= 2 and after[0] in PEOPLE.given
        if len(word) == 1 and given and tag[0] not in _FUNCTION:
            return True
    return False
