"""What is left of a clause: words taken from a fact, statements nobody proves, praise."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import rjieba

from zhanggui.claims.known import Known
from zhanggui.claims.marks import Clause, Mark, contradicted
from zhanggui.claims.vocabulary import factual_words, is_included, opinion_words
from zhanggui.records import Fact
from zhanggui.text.normalise import fold

# 小帽子 is the 帽 of the data.
_PET_FORM = re.compile(r"^(?:小|大|一个|一只)|[子儿制质型款式类]$")
# 像加了滤镜: a figure of speech.
_FIGURE = re.compile(r"[像]|仿佛|宛如|犹如|如同|似的|\b(?:like a|as if|as though)\b")
_COPULA = re.compile(r"(?:是|为(?=.{1,6}$)|用的是|选的是|则是|:|：)")
_VERBAL = re.compile(r"(?:ing|ed|ly)$")
# 产自瓷都景德镇: what is known of the place is enough.
_PLACED = re.compile(r"产自|来自|源自|取自")
_REACH = 3
_OPEN_TAGS = ("n", "v", "eng", "j", "b", "s", "g", "k")
_SHARE = 0.6
_OF_PART = re.compile(r"(?:都是|就是|是|为|用的是|用了?|采用|选用|选的是|：|:)$")
_SPLIT = re.compile(r"[、，,;；/|。:：+()（）【】\[\]\n]+|\s{2,}")
_WORD = re.compile(r"[a-z]+(?:-[a-z]+)*")


@dataclass(frozen=True, slots=True)
class _Stating:
    start: int
    end: int
    backwards: bool = False
    fact: Fact | None = None


def segments_of(facts: Sequence[Fact]) -> list[tuple[str, Fact]]:
    """The pieces of the facts' values that a text may repeat word for word, longest first."""
    pieces: dict[str, Fact] = {}
    for fact in facts:
        for piece in (fact.value, *_SPLIT.split(fact.value)):
            text = " ".join(piece.lower().split())
            # A bare number says nothing without its name.
            if len(fold(text)) > 1 and len(text) <= 60 and not text.isdecimal():
                pieces.setdefault(text, fact)
    return sorted(pieces.items(), key=lambda pair: len(pair[0]), reverse=True)


def verbatim_marks(clause: Clause, segments: list[tuple[str, Fact]], known: Known) -> list[Mark]:
    """Where the clause repeats a fact's words, or says them of another part than the fact does."""
    marks = []
    for text, fact in segments:
        start = clause.norm.find(text)
        if start >= 0 and _whole(clause.norm, start, text):
            other, end = _said_of(clause.norm[:start], text, known), start + len(text)
            supported = Mark(start, end, "supported", fact)
            marks.append(contradicted(start, end, other) if other else supported)
    return marks


def _said_of(before: str, text: str, known: Known) -> Fact | None:
    """The fact of the part that the words are said of (靠背是…), where it says something else."""
    for subject, fact in known.subjects.items():
        copula = _OF_PART.search(before)
        if copula and before[: copula.start()].endswith(subject):
            own = [one for one in known.facts if subject in one.attribute]
            return None if any(fold(text) in fold(one.value) for one in own) else fact
    return None


def _whole(text: str, start: int, piece: str) -> bool:
    end = start + len(piece)
    before, after = text[start - 1 : start], text[end : end + 1]
    left = piece[0].isascii() and piece[0].isalnum() and before.isascii() and before.isalnum()
    right = piece[-1].isascii() and piece[-1].isalnum() and after.isascii() and after.isalnum()
    denied = before in ("不", "无", "非", "未")
    return not (left or right or denied)


def rest_mark(clause: Clause, known: Known, taken: list[Mark]) -> Mark | None:
    """The verdict on the words that no other rule has decided.

    `supported` if most of the content words stand in one fact, `unsupported` if the clause
    states something and names things that no fact knows, `opinion` if nothing else was found
    in the clause, else None.
    """
    if _FIGURE.search(clause.norm):
        return None if taken else Mark(0, len(clause.norm), "opinion")
    content = [word for word in _content(clause, taken) if word[0] not in opinion_words()]
    proved = {mark.fact for mark in taken if mark.status == "supported"}
    stating = [cue for cue in _stating(clause, known) if cue.fact not in proved or not cue.fact]
    content = [
        word
        for word in content
        if not any(cue.start <= word[1] and word[2] <= cue.end for cue in stating)
    ]
    unknown = [word for word in content if not _is_known(word[0], known)]
    if not unknown:
        fact = _source(content, known)
        if fact is not None:
            return Mark(content[0][1], content[-1][2], "supported", fact)
        return None if taken else Mark(0, len(clause.norm), "opinion")
    fact = _source(content, known)
    if fact is not None:
        return Mark(content[0][1], content[-1][2], "supported", fact)
    for cue in stating:
        if cue.backwards:
            meant = [word for word in unknown if cue.start - _REACH <= word[2] <= cue.start + 1]
        else:
            meant = [word for word in unknown if word[1] >= cue.start]
        meant = [word for word in meant if not factual_words().before.fullmatch(word[0])]
        if not any(word[3] for word in meant) or (_PLACED.match(clause.norm, cue.start) and taken):
            continue
        if meant:
            start, end = meant[0][1], max(meant[-1][2], cue.end)
            if clause.denies(start, start + 1) or clause.denies(cue.start, cue.start + 1):
                continue
            if cue.fact is not None:
                return contradicted(start, end, cue.fact)
            part = is_included(clause.norm, meant[0][1], meant[-1][2])
            return Mark(start, end, "unsupported", None, "商品资料里没有依据", True, not part)
    return None if taken else Mark(0, len(clause.norm), "opinion")


def _stating(clause: Clause, known: Known) -> list[_Stating]:
    """The words of the clause that turn unknown words into statements."""
    words = factual_words()
    found = [_Stating(*match.span()) for match in words.before.finditer(clause.norm)]
    found += [
        _Stating(*match.span(), backwards=True) for match in words.after.finditer(clause.norm)
    ]
    if known.tells_suitability:
        found += [_Stating(*match.span()) for match in words.suits.finditer(clause.norm)]
    for name, fact in known.names.items():
        if (start := clause.norm.find(name)) >= 0:
            copula = _COPULA.match(clause.norm, start + len(name))
            if copula is not None:
                found.append(_Stating(start, copula.end(), fact=fact))
    for subject, fact in known.subjects.items():
        # 批头是铬钒钢: the part that 批头材质 names.
        if fact.kind == "material" and (start := clause.norm.find(subject)) >= 0:
            copula = _COPULA.match(clause.norm, start + len(subject))
            if copula is not None:
                found.append(_Stating(start, copula.end(), fact=fact))
    return sorted(found, key=lambda cue: cue.start)


def _content(clause: Clause, taken: list[Mark]) -> list[tuple[str, int, int, bool]]:
    """Content words outside the taken spans as (word, start, end, names a thing)."""
    words = []
    position = 0
    for word, tag in rjieba.tag(clause.norm):
        start, position = position, position + len(word)
        if any(mark.start < position and start < mark.end for mark in taken):
            continue
        if word.isascii():
            if len(word) > 2 and _WORD.fullmatch(word):
                words.append((word, start, position, not _VERBAL.search(word)))
        elif len(word) > 1 and tag.startswith(_OPEN_TAGS) and not word.isnumeric():
            words.append((word, start, position, tag != "v"))
    return words


def _is_known(word: str, known: Known) -> bool:
    if word.isascii():
        return word in known.words or word.rstrip("s") in known.words or f"{word}s" in known.words
    core = _PET_FORM.sub("", word)
    return word in known.all_text or (bool(core) and core in known.all_text)


def _source(content: list[tuple[str, int, int, bool]], known: Known) -> Fact | None:
    """The fact that holds at least two and most of the content words."""
    if len(content) < 2:
        return None
    for text, fact in known.folded:
        held = sum(1 for word, *_ in content if word in text)
        if held >= 2 and held >= _SHARE * len(content):
            return fact
    return None
