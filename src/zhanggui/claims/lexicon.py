"""The word lists of `lexicons/`: terms with their synonyms and what is broader than they are."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from zhanggui.text.datafile import DataModel, load

PACKAGE = "zhanggui.claims"
TERM_KINDS = (
    "material",
    "colour",
    "origin",
    "audience",
    "certificate",
    "function",
    "ingredient",
    "style",
    "neutral",
)
_ASCII_WORD = re.compile(r"[a-z0-9]")
_HAN = re.compile(r"[\u3400-\u9fff]")
# A word of one Han character stands alone also beside these: 棉和麻, 含棉, 黑/白.
_LOOKS = ("纹", "色")
_CODE_WORD = re.compile(r"[a-z]+\d|\d+$")
_ABBREVIATION = 4
_LOOSE = frozenset("和与及或含的有")
_MARKS = "~^"


class _TermsFile(DataModel):
    kind: str
    exclusive: bool
    terms: list[str]


@dataclass(frozen=True, slots=True)
class Term:
    """One entry of a word list."""

    name: str
    kind: str
    exclusive: bool
    soft: bool
    """A claim only beside words of suitability."""
    capitals: bool = False
    """An English word of its own where it is not written in capitals: PET and a pet."""

    def meant(self, word: str, text: str) -> bool:
        """Whether `word` of `text` (as it is written) is the term: PET, not somebody's pet."""
        return not self.capitals or word.upper() in text or bool(_HAN.search(text))


@dataclass(frozen=True, slots=True)
class TermSpan:
    """A term in a text; offsets count in the text that was searched."""

    term: Term
    start: int
    end: int


class Lexicon:
    """All terms, found by longest match from left to right."""

    def __init__(self, lines: Iterable[tuple[str, bool, str]]) -> None:
        self._words: dict[str, Term] = {}
        self._heads: dict[str, list[str]] = {}
        self._broader: dict[str, frozenset[str]] = {}
        self._kinds: dict[str, str] = {}
        broader: dict[str, set[str]] = {}
        for kind, exclusive, line in lines:
            words, _, parents = line.partition(">")
            written = [word.strip() for word in words.split("|")]
            head = written[0].lstrip(_MARKS)
            broader.setdefault(head, set()).update(
                parent.strip() for parent in parents.split(",") if parent.strip()
            )
            self._kinds.setdefault(head, kind)
            for word in written:
                term = Term(head, kind, exclusive, word.startswith("~"), word.startswith("^"))
                self._words.setdefault(word.lstrip(_MARKS), term)
        self._english: dict[str, str] = {}
        for word, term in self._words.items():
            if word.isascii() and not _CODE_WORD.match(word):
                self._english.setdefault(term.name, word)
        for word in sorted(self._words, key=len, reverse=True):
            self._heads.setdefault(word[:2], []).append(word)
        for name in broader:
            self._broader[name] = frozenset(_closure(name, broader))

    def broader(self, name: str) -> frozenset[str]:
        """`name` and everything that is true of whatever is `name`."""
        return self._broader.get(name, frozenset((name,)))

    def kind(self, name: str) -> str:
        """The kind of the term `name`; `` if there is none (denied terms have none)."""
        return self._kinds.get(name, "")

    def english(self, name: str) -> str:
        """The first English word for the term `name`; `` if the lists have none."""
        word = self._english.get(name, "")
        plastic = "塑料" in self.broader(name)
        return word.upper() if plastic and len(word) <= _ABBREVIATION else word

    def find(self, text: str) -> list[TermSpan]:
        """The terms of lower-case NFKC `text`, without overlaps; neutral words are skipped."""
        found: list[TermSpan] = []
        position = 0
        while position < len(text):
            word = self._at(text, position)
            if word is None:
                position += 1
                continue
            end = position + len(word)
            term = self._words[word]
            # 榉木纹 and 麦饭石色 are looks, no materials.
            looks = term.kind == "material" and text[end : end + 1] in _LOOKS
            if term.kind != "neutral" and not looks:
                found.append(TermSpan(term, position, end))
            position = end
        return found

    def _at(self, text: str, position: int) -> str | None:
        for head in (text[position : position + 2], text[position : position + 1]):
            for word in self._heads.get(head, ()):
                if text.startswith(word, position) and _stands(text, position, word):
                    return word
        return None


def _stands(text: str, start: int, word: str) -> bool:
    before = text[start - 1] if start else ""
    end = start + len(word)
    after = text[end] if end < len(text) else ""
    if len(word) == 1 and _HAN.match(word):
        return not any(_HAN.match(char) and char not in _LOOSE for char in (before, after) if char)
    if _ASCII_WORD.match(word[0]) and before and _ASCII_WORD.match(before):
        return False
    return not (_ASCII_WORD.match(word[-1]) and after and _ASCII_WORD.match(after))


def _closure(name: str, broader: dict[str, set[str]]) -> set[str]:
    seen = {name}
    waiting = [name]
    while waiting:
        for parent in broader.get(waiting.pop(), ()):
            if parent not in seen:
                seen.add(parent)
                waiting.append(parent)
    return seen


@cache
def lexicon() -> Lexicon:
    """The lexicon of the package."""
    lines: list[tuple[str, bool, str]] = []
    for name in TERM_KINDS:
        data = load(_TermsFile, PACKAGE, f"lexicons/{name}.yaml")
        if data.kind == "neutral":
            words = [word for line in data.terms for word in line.split("|")]
            lines.extend((data.kind, False, word.strip()) for word in words)
        else:
            lines.extend((data.kind, data.exclusive, line) for line in data.terms)
    return Lexicon(lines)
