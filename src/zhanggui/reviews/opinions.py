"""Opinions in a review by rules: lexicon matches, paired inside their clause.

An opinion is an aspect, what is said of it, a category and a polarity. Negation, degree,
contrast, wishes ("希望质量好") and words whose meaning hangs on the aspect (大, 小, 快)
are decided here; the words themselves are data (`lexicon.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from zhanggui.records import Opinion, Polarity
from zhanggui.reviews.lexicon import OTHER, Entry, Lexicon, lexicon
from zhanggui.text.language import language_of
from zhanggui.text.normalise import Normalised, normalise

_FLIPPED: dict[Polarity, Polarity] = {
    "positive": "negative",
    "negative": "positive",
    "neutral": "neutral",
}
_CLAUSE_END = re.compile(r"[，,。！？!?；;：:~～…\n]|\.(?!\d)|(?<=[一-鿿])\s+|\s[-–—]\s")
_PARTICLES = " 的了吧啦哦呢啊呀哈哒滴!！~"
Place = tuple[int, int]
# A negation or degree may stand this many characters before its opinion.
_REACH = {"zh": 2, "en": 12}
# An aspect and its opinion in one clause lie at most so far apart.
_PAIR_REACH = {"zh": 12, "en": 40}


@dataclass(frozen=True, slots=True)
class _Token:
    start: int
    end: int
    text: str
    entry: Entry


@dataclass(slots=True)
class _Said:
    """An opinion found in a clause, before it has its aspect."""

    start: int
    end: int
    token: _Token
    polarity: Polarity
    aspects: list[_Token] = field(default_factory=list)


def read_opinions(text: str) -> tuple[Opinion, ...]:
    """The opinions in `text`, in order; spans are offsets into `text` as given."""
    words = lexicon(language_of(text))
    form = normalise(text)
    found: list[Opinion] = []
    waiting: _Token | None = None
    for start, end in _clauses(form.text):
        tokens = [
            _Token(match.start(), match.end(), match[0], words.entries[match[0]])
            for match in words.pattern.finditer(form.text, start, end)
        ]
        tokens = [token for token in tokens if "ignore" not in token.entry.roles]
        if not tokens:
            continue
        said = list(_opinions_of_clause(tokens, words, form.text, (start, end)))
        aspects = _aspects_of_clause(tokens, said)
        _pair(said, aspects, words, form.text)
        if said and not said[0].aspects and not said[0].token.entry.alone and waiting is not None:
            said[0].aspects.append(waiting)
        # "快递，太慢了": an aspect alone in its clause waits for the next one.
        ends = bool(aspects) and not form.text[aspects[-1].end : end].strip(_PARTICLES)
        waiting = aspects[-1] if ends and not said else None
        for one in said:
            found.extend(_finished(one, form, text))
    return tuple(found)


def _clauses(text: str) -> Iterator[tuple[int, int]]:
    begin = 0
    for match in _CLAUSE_END.finditer(text):
        if match.start() > begin:
            yield begin, match.start()
        begin = match.end()
    if begin < len(text):
        yield begin, len(text)


def _opinions_of_clause(
    tokens: Sequence[_Token], words: Lexicon, text: str, clause: Place
) -> Iterator[_Said]:
    reach = _REACH[words.language]
    for index, token in enumerate(tokens):
        if not token.entry.roles & {"opinion", "size"}:
            continue
        if _is_other_role(tokens, index, text) or not _stands_firm(tokens, index, text, clause):
            continue
        start, negations, excess = token.start, 0, False
        for before in reversed(tokens[:index]):
            roles = before.entry.roles
            if start - before.end > reach or not roles & {"negation", "degree"}:
                break
            # "好快": a word that is an opinion too was meant as a degree only when it touches.
            if "opinion" in roles and before.end != start:
                break
            if "negation" in roles and _is_cut_off(before, token, start, words, text):
                break
            start = before.start
            negations += "negation" in roles
            excess = excess or before.entry.excess
        if any("wish" in before.entry.roles for before in tokens[:index]):
            continue
        polarity = token.entry.polarity
        if "opinion" not in token.entry.roles:
            polarity = "negative" if excess and not negations else "neutral"
        elif negations % 2:
            polarity = _FLIPPED[polarity]
        yield _Said(start, token.end, token, polarity)


def _is_cut_off(negation: _Token, token: _Token, start: int, words: Lexicon, text: str) -> bool:
    """Whether the negation belongs to something else than the fault: 没吃全扔了."""
    between = text[negation.end : start].strip()
    return (
        bool(words.light and between)
        and token.entry.polarity == "negative"
        and between not in words.light
    )


def _stands_firm(tokens: Sequence[_Token], index: int, text: str, clause: Place) -> bool:
    """Whether a word that is often part of something else is an opinion here.

    One Chinese character alone proves nothing (冲 in 冲水, 好 in 做好): it needs an aspect, a
    degree or a negation right before it, or the whole clause for itself.
    """
    token = tokens[index]
    rest = text[token.end : clause[1]].strip(_PARTICLES)
    if token.entry.only_at_end:
        return not rest
    if token.entry.sure or token.end - token.start > 1 or not "一" <= token.text <= "鿿":
        return True
    before = tokens[index - 1] if index else None
    if before is not None and before.end == token.start:
        return bool(before.entry.roles & {"aspect", "degree", "negation"})
    return not text[clause[0] : token.start].strip() and not rest


def _is_other_role(tokens: Sequence[_Token], index: int, text: str) -> bool:
    """Whether a word with several roles is not an opinion here."""
    token = tokens[index]
    following = tokens[index + 1] if index + 1 < len(tokens) else None
    touches = following is not None and following.start == token.end
    if touches and following is not None and "degree" in token.entry.roles:
        return bool(following.entry.roles & {"opinion", "size"})
    if "aspect" not in token.entry.roles:
        return False
    if touches and following is not None and following.entry.roles & {"opinion", "size", "degree"}:
        return True
    # "没有塑料味", "一股异味": a fault is named, unless something is said of it.
    return token.entry.polarity != "negative" and text[token.end : token.end + 1] not in ("", "的")


def _aspects_of_clause(tokens: Sequence[_Token], said: Sequence[_Said]) -> list[_Token]:
    taken = {(one.token.start, one.token.end) for one in said}
    return [
        token
        for token in tokens
        if "aspect" in token.entry.roles and (token.start, token.end) not in taken
    ]


def _pair(said: Sequence[_Said], aspects: Sequence[_Token], words: Lexicon, text: str) -> None:
    reach = _PAIR_REACH[words.language]
    previous_end = -1
    for one in said:
        if one.token.entry.alone:
            continue
        before = [a for a in aspects if a.end <= one.start and one.start - a.end <= reach]
        after = [a for a in aspects if a.start >= one.end and a.start - one.end <= 3]
        if words.language == "en":
            after = [a for a in aspects if a.start >= one.end and a.start - one.end <= reach]
        nearest = before[-1] if before else None
        follows = after[0] if after and _belongs_before(one, after[0], words, text) else None
        if follows is not None and (nearest is None or nearest.start < previous_end):
            one.aspects.append(follows)
        elif nearest is not None:
            one.aspects.append(nearest)
            one.aspects.extend(_joined(before, words, text))
        previous_end = one.end


def _belongs_before(one: _Said, aspect: _Token, words: Lexicon, text: str) -> bool:
    between = text[one.end : aspect.start]
    if words.language == "en":
        return len(between.split()) <= 2
    return between in ("", "的", "地", "了", "的是")


def _joined(aspects: Sequence[_Token], words: Lexicon, text: str) -> Iterator[_Token]:
    """The aspects that stand before the last one in a list such as 质量和包装."""
    later = aspects[-1]
    for earlier in reversed(aspects[:-1]):
        between = text[earlier.end : later.start].strip()
        entry = words.entries.get(between)
        if between and (entry is None or "joint" not in entry.roles):
            return
        yield earlier
        later = earlier


def _finished(one: _Said, form: Normalised, text: str) -> Iterator[Opinion]:
    entry = one.token.entry
    aspects: Sequence[_Token | None] = one.aspects or (None,)
    for aspect in aspects:
        polarity = one.polarity
        category = aspect.entry.category if aspect is not None else ""
        if aspect is not None and "size" in entry.roles and polarity == "neutral":
            polarity = _size_polarity(entry, aspect.entry)
        if "opinion" not in entry.roles and aspect is None and polarity == "neutral":
            continue
        opinion_start, opinion_end = form.span(one.start, one.end)
        start, end, aspect_text = opinion_start, opinion_end, None
        if aspect is not None:
            aspect_start, aspect_end = form.span(aspect.start, aspect.end)
            aspect_text = text[aspect_start:aspect_end]
            start, end = min(start, aspect_start), max(end, aspect_end)
        yield Opinion(
            aspect=aspect_text,
            opinion=text[opinion_start:opinion_end],
            category=_category(category, entry, named=aspect is not None),
            polarity=polarity,
            start=start,
            end=end,
        )


def _size_polarity(size: Entry, aspect: Entry) -> Polarity:
    if aspect.leaning == "plain":
        return "neutral"
    return "positive" if size.more == (aspect.leaning == "more_is_better") else "negative"


def _category(of_aspect: str, opinion: Entry, *, named: bool) -> str:
    if of_aspect and of_aspect != OTHER:
        return of_aspect
    if opinion.opinion_category:
        return opinion.opinion_category
    if "size" in opinion.roles and (not named or not of_aspect):
        return "尺寸"
    return of_aspect or OTHER
