"""Words of the other language: the shop's glossary, `glossary.yaml`, the lexicon, in that order."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache

from zhanggui.claims.lexicon import lexicon
from zhanggui.text.datafile import DataModel, load
from zhanggui.text.language import Language, language_of

HAN = re.compile(r"[\u3400-\u9fff]")
_LIST = re.compile(r"[、，；;。]|,(?!\d)|(?<![!-~])/(?![!-~])")
# Numbers, codes and units of measure are the same in both languages.
_CODE = {
    "en": re.compile(r"[A-Za-z0-9.%℃°#~_&'\"/Ωμ²³㎡+-]+"),
    # Sage and Max are words, Hz and Wi-Fi are not.
    "zh": re.compile(r"(?![A-Z][a-z]{2,})[A-Z0-9.%℃°#~_&\"/Ωμ²³㎡+-]+(?:[a-z]{1,3}(?![a-z]))?"),
}
_SIGN = re.compile(r"[×()*:]")
_MEASURE = re.compile(r"(?:ml|mm|cm|kg|g|m|in|mAh|dB)\b")
# What says something of a whole thing cannot stand in the middle of a noun.
_ALONE = re.compile(
    r"(?:do not|keep|iron|use|better|yes|none|removable|washable|foldable|adjustable|replaceable)\b"
)
_NUMBER = r"(\d+(?:\.\d+)?)\s*-?"
_SHORT = 6
_DEPTH = 3


class _GlossaryFile(DataModel):
    things: list[str]
    categories: list[str]
    names: list[str]
    words: list[str]
    patterns: list[str]
    units: list[str]


class Glossary:
    """Tells values, names and titles of products in `language`; what it does not know it does not
    tell. `shop` holds (term of the data, term to use) and goes before every other word."""

    def __init__(self, language: Language, shop: tuple[tuple[str, str], ...] = ()) -> None:
        self.language = language
        self._shop = shop
        data = load(_GlossaryFile, "zhanggui.descriptions", "glossary.yaml")
        own = dict(self._own())
        things = dict(_pairs((*data.categories, *data.things), language))
        names = dict(_pairs(data.names, language))
        self._things = things | own
        self._names = names | own
        self._words = names | things | dict(_pairs(data.words, language)) | own
        self._longest = max(map(len, self._words))
        same = [pair for pair in shop if language_of(pair[0]) == language == language_of(pair[1])]
        self._same = sorted(same, key=lambda pair: -len(pair[0]))

    def _own(self) -> Iterator[tuple[str, str]]:
        """The shop's words across languages; a pair is good in both directions."""
        for there, here in (*((b, a) for a, b in self._shop), *self._shop):
            if language_of(there) != self.language == language_of(here):
                yield there.lower(), here

    def reworded(self, text: str) -> str:
        """`text` of this language in the shop's own words."""
        for term, wanted in self._same:
            if wanted not in text:
                edge = r"\b" if term.isascii() else ""
                pattern = re.compile(f"{edge}{re.escape(term)}{edge}", re.IGNORECASE)
                text = pattern.sub(lambda _, word=wanted: word, text)  # type: ignore[misc]
        return text

    def name(self, attribute: str) -> str:
        """The name of an attribute; `` if nobody knows how to say it."""
        return self._names.get(attribute.lower().strip()) or self.value(attribute)

    def value(self, text: str) -> str:
        """`text`, every word of it told; `` if one is unknown."""
        plain = unicodedata.normalize("NFKC", text.replace("，", "；")).strip(" 。.;；,")
        if "、" in plain and (whole := self._patterned(plain, 0, after_only=True)):
            return whole
        pieces = [self._piece(piece.strip()) for piece in _LIST.split(plain) if piece.strip()]
        if not pieces or not all(pieces):
            return ""
        if self.language == "en":
            return ", ".join(dict.fromkeys(pieces))
        short = all(len(piece) <= _SHORT for piece in pieces)
        return ("、" if short else "，").join(dict.fromkeys(pieces))

    def thing(self, text: str) -> str:
        """What a thing is called by the end of `text`; `` if its kind is unknown."""
        plain = text.lower().strip()
        for word in sorted(self._things, key=len, reverse=True):
            if plain.endswith(word) and (HAN.search(word) or _whole(plain, word)):
                return self._things[word]
        return ""

    def _piece(self, piece: str, depth: int = 0) -> str:
        known = self._words.get(piece.lower())
        if known:
            return known
        if "×" in piece and (HAN.search(piece) or self.language == "zh"):
            sides = [self._piece(side.strip(), depth + 1) for side in piece.split("×")]
            sign = " × " if self.language == "en" else "×"
            return sign.join(sides) if all(sides) else ""
        return self._patterned(piece, depth) or self._tokens(piece)

    def _patterned(self, text: str, depth: int, *, after_only: bool = False) -> str:
        """`text` told by a pattern; where `after_only`, by one that stands after a whole list."""
        if depth >= _DEPTH:
            return ""
        for pattern, frame in _patterns(self.language):
            match = pattern.fullmatch(text)
            if match is None or (after_only and pattern.pattern[0] != "("):
                continue
            inner = [
                self.value(group) if after_only else self._piece(group.strip(), depth + 1)
                for group in match.groups()
            ]
            if all(inner):
                return frame.format(*inner)
        return ""

    def _tokens(self, piece: str) -> str:
        told: list[str] = []
        position, lowered = 0, piece.lower()
        terms = {span.start: span for span in lexicon().find(lowered)}
        while position < len(piece):
            if piece[position].isspace():
                position += 1
                continue
            end, word = self._word(lowered, position)
            if position in terms and terms[position].end > end:
                end = terms[position].end
                own = piece[position:end]
                word = self._term(terms[position].term.name)
                if self.language == "en" and own.isascii():
                    # USB-A is more than the USB that is known.
                    code = _CODE["en"].match(piece, position)
                    word = code[0] if code else own
                    end = position + len(word)
            counted, amount = self._amount(piece, position)
            if counted > end:
                end, word = counted, amount
            if not word:
                match = _SIGN.match(piece, position) or _CODE[self.language].match(piece, position)
                match = match or (
                    _MEASURE.match(piece, position) if self.language == "zh" else None
                )
                if match is None:
                    return ""
                end, word = match.end(), match[0]
            if self.language == "zh" and told and told[-1].isdigit() and HAN.match(word):
                told.append("个")
            told.append(word)
            position = end
        if len(told) > 1 and any(_ALONE.match(word) for word in told):
            return ""
        return _joined(told, self.language)

    def _word(self, lowered: str, position: int) -> tuple[int, str]:
        for size in range(min(self._longest, len(lowered) - position), 0, -1):
            word = lowered[position : position + size]
            if word in self._words and (HAN.search(word) or _stands(lowered, position, size)):
                return position + size, self._words[word]
        return position, ""

    def _term(self, name: str) -> str:
        if self.language == "en":
            word = lexicon().english(name)
            return word.title() if lexicon().kind(name) == "origin" else word
        return name if HAN.search(name) else name.upper()

    def _amount(self, piece: str, position: int) -> tuple[int, str]:
        """A number with a measure word: where it ends and how it is told."""
        match = _units(self.language).match(piece, position)
        if match is None:
            return position, ""
        zh, one, many = _unit_words(self.language)[match[2].lower()]
        if self.language == "zh":
            return match.end(), f"{match[1]}{zh}"
        return match.end(), f"{match[1]} {one if match[1] == '1' else many}"


@lru_cache(maxsize=64)
def glossary(language: Language, shop: tuple[tuple[str, str], ...] = ()) -> Glossary:
    """The words for telling things in `language`, those of the shop first."""
    return Glossary(language, shop)


def _pairs(lines: Iterable[str], to: Language) -> Iterator[tuple[str, str]]:
    """(word of the other language, word of `to`), the first of two that are alike counts."""
    seen: set[str] = set()
    for line in lines:
        zh, *english = (word.strip() for word in line.split("|"))
        for there, here in [(zh, english[0])] if to == "en" else [(one, zh) for one in english]:
            if there.lower() not in seen:
                seen.add(there.lower())
                yield there.lower(), here


@cache
def _patterns(language: Language) -> tuple[tuple[re.Pattern[str], str], ...]:
    data = load(_GlossaryFile, "zhanggui.descriptions", "glossary.yaml")
    found = []
    for line in data.patterns:
        zh, english = (side.strip() for side in line.split("|"))
        there, here = (zh, english) if language == "en" else (english, zh)
        source = re.escape(there).replace(r"\{\}", "(.+)")
        found.append((re.compile(source, re.IGNORECASE), here))
    return tuple(found)


@cache
def _unit_words(language: Language) -> Mapping[str, tuple[str, str, str]]:
    data = load(_GlossaryFile, "zhanggui.descriptions", "glossary.yaml")
    rows = [tuple(word.strip() for word in line.split("|")) for line in data.units]
    known: dict[str, tuple[str, str, str]] = {}
    for zh, one, many in rows:
        for key in (zh,) if language == "en" else (many.lower(), one.lower()):
            known.setdefault(key, (zh, one, many))
    return known


@cache
def _units(language: Language) -> re.Pattern[str]:
    words = sorted(_unit_words(language), key=len, reverse=True)
    if language == "zh":
        # Litres and grams are written alike in both.
        words = [word for word in words if len(word) > 2 or word == "oz"]
    end = "" if language == "en" else r"\b"
    return re.compile(_NUMBER + f"({'|'.join(map(re.escape, words))}){end}", re.IGNORECASE)


def _stands(text: str, start: int, size: int) -> bool:
    around = text[start - 1 : start] + text[start + size : start + size + 1]
    return not any(char.isalnum() for char in around)


def _whole(text: str, word: str) -> bool:
    return not text[: len(text) - len(word)][-1:].isalnum()


def _joined(words: list[str], language: Language) -> str:
    text = " ".join(words)
    text = re.sub(r"\(\s+", "(", re.sub(r"\s+([):])", r"\1", text))
    # 18cm×27cm stays together, vacuum flask × 1 does not.
    text = re.sub(r"(?<=[\dm\"]) × (?=\d)", "×", text)
    if language == "en":
        return re.sub(r"\b([A-Za-z]+) \1\b", r"\1", text)
    return re.sub(r"\s*(×)\s*", r"\1", re.sub(r"\s+", "", text))
