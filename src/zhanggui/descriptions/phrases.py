"""Small grammar: a value before its name, an article, several statements in one sentence."""

from __future__ import annotations

import re
from collections.abc import Sequence

from zhanggui.descriptions.framefile import BRACKETS, LIST, Place, frames_file
from zhanggui.text.language import Language

_ABOUT_A_WAY = re.compile(r"(?:方式|方法|方向|类型|类别)$")
_ADDS_NOTHING = "型度式法种感别性"
_STEM = 3
_NO_NOUN = re.compile(r"[%℃°\d）)]$")
_BEGINNINGS = ("不含", "不支持", "没有", "支持", "带")
_ONE = re.compile(
    r"(?:an?|the|one|no|all|up to|about|approx\.?|over|each|per|not)\b|\d", re.IGNORECASE
)
_HEAD = re.compile(r"[,;(]| (?:with|and|for|in|of|to|from|on|per) ")


def parted(value: str) -> tuple[str, str]:
    """The value up to its first comma, and what follows with the comma; a comma in brackets or in
    a number parts nothing."""
    plain = BRACKETS.sub(lambda found: "·" * len(found[0]), value)
    comma = re.search(r"，|,(?!\d)", plain)
    return (value[: comma.start()], value[comma.start() :]) if comma else (value, "")


def attributive(name: str, value: str) -> str:
    """The value before what the name names: 拉链闭合 of 闭合方式 拉链, 中帮 of 帮高 中帮;
    `` where it does not go before it."""
    stem = _ABOUT_A_WAY.sub("", name)
    core = stem.rstrip(_ADDS_NOTHING) or stem
    plain = BRACKETS.sub("", value)
    if (
        not stem
        or core[0] in plain
        or (len(core) < 3 and plain.endswith(core[-1]) and len(plain) > 1)
    ):
        return value
    # 开启 of 壶盖开启方式 is done to the lid: 按键弹盖壶盖开启 says nothing.
    long = stem != name and len(stem) > _STEM
    if long or LIST.search(plain) or _NO_NOUN.search(value):
        return ""
    if value[-1] == stem[0]:
        # 中帮 says of itself what 帮高 it is.
        return value
    space = " " if value[-1].isascii() and stem[0].isascii() else ""
    return value + space + stem


def with_article(value: str, language: Language) -> str:
    """`value` with the article that its noun wants: a resealable bag with valve."""
    noun = re.split(r"[ -]", _HEAD.split(value)[0].strip())[-1].lower()
    if _ONE.match(value) or noun not in frames_file(language).countable:
        return value
    return f"{'an' if value[:1].lower() in 'aeiou' else 'a'} {value}"


def item(value: str, language: Language) -> str:
    """`value` where it names one thing or a number of them, as `It has` wants it; else ``."""
    said = with_article(value, language)
    return said if said != value or re.match(r"\d+ [a-z]", value) else ""


def listed(value: str) -> str:
    """The items of `value` with an and: gas, electric and induction."""
    return _listed(re.split(r", (?:and )?", value))


def lowered(text: str) -> str:
    """`text` as it stands within a sentence: BPA, pH and Wi-Fi stay as they are."""
    first = text.split(" ")[0]
    return text if first[1:] != first[1:].lower() else text[:1].lower() + text[1:]


def joined(lines: Sequence[str], language: Language, place: Place) -> str:
    """Several statements in one line: 不含香精和酒精 where all begin alike, It weighs 320 g and
    comes in black."""
    between = frames_file(language).between[place]
    if language == "en":
        return _sentence(lines) if place == "body" else _row(lines, between)
    beginning = next((word for word in _BEGINNINGS if lines[0].startswith(word)), "")
    alike = all(line.startswith(beginning) and "，" not in line for line in lines)
    if beginning and alike:
        things = [line.removeprefix(beginning) for line in lines]
        return beginning + "和".join(("、".join(things[:-1]), things[-1]))
    return between.join(lines)


def goes_on(line: str, language: Language) -> bool:
    """Whether others can follow `line` in its sentence."""
    if language == "zh":
        return "：" not in line
    return line.startswith(("It ", "The ")) and not re.search(r"[;:]|,(?!\d)", line)


def _row(lines: Sequence[str], between: str) -> str:
    marked = any(":" in line for line in lines)
    return ("; " if marked else between).join((lines[0], *map(lowered, lines[1:])))


def _sentence(lines: Sequence[str]) -> str:
    """English statements in one sentence; those about `It` share it."""
    own: dict[str, list[str]] = {}
    for line in lines:
        if line.startswith("It "):
            verb, _, what = line[3:].partition(" ")
            own.setdefault(verb, []).append(what)
    other = [lowered(line) for line in lines if not line.startswith("It ")]
    doing = [f"{verb} {_listed(whats)}" for verb, whats in own.items()]
    said = f"It {_listed(doing)}" if doing else ""
    rest = _listed(other)
    if said and rest:
        return f"{said}, {rest}" if len(other) > 1 else f"{said}, and {rest}"
    return said or rest[:1].upper() + rest[1:]


def _listed(words: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))
