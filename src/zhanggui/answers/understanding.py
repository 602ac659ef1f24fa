"""What a question asks for: its matters, its content words, the kind of answer it wants."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from zhanggui.answers.coverage import runs_of
from zhanggui.answers.lexicon import AnswerKind, facets, words
from zhanggui.answers.screening import readable
from zhanggui.answers.siblings import mentions, without_marks
from zhanggui.records import Message, Product
from zhanggui.text.language import Language, language_of
from zhanggui.text.segment import index_tokens, query_tokens

_PUNCTUATION = re.compile(r"[^\w]+")
_CLAUSE = re.compile(
    r"[，,。？?；;！!\n]+|(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])|还有|以及|另外"
)
_NAME = 4
_FOLLOW_UP = 14
_SMALL_TALK = 40
"""Longer than any message that is only a greeting or thanks."""
"""Characters up to which a question without a matter of its own leans on the turn before."""


@dataclass(frozen=True, slots=True)
class Understanding:
    """A question, read."""

    text: str
    """Readable form, slips corrected, joined with the turn it leans on."""
    facets: tuple[str, ...]
    """The matters asked for; empty when none is known."""
    anchors: tuple[str, ...]
    """Runs of characters that an answer has to name (`coverage`)."""
    kinds: tuple[AnswerKind, ...]
    """What an answer must hold: a time, a sum, a number, a party."""
    language: Language
    own_order: bool
    """About the customer's own order rather than the shop's rule."""
    small_talk: str = ""
    """`greeting` or `thanks` when the whole message is nothing else."""

    @property
    def shop_matter(self) -> bool:
        """All that is asked for is the same for every product."""
        return bool(self.facets) and all(facets()[name].shop for name in self.facets)


def understand(
    question: str, history: Sequence[Message] = (), product: Product | None = None
) -> Understanding:
    """Reads a question against its thread and the product it is about."""
    own = corrected(question)
    talk = small_talk(own)
    before = "" if talk else leaned_on(own, history)
    # 那350的呢: what the turn before said of the 500 ml one is asked of another product now.
    if product is not None and any(mentions(own)):
        before = without_marks(before, product, siblings=True)
    text = f"{before}，{own}" if before else own
    found = asked_facets(text)
    # "寄到新疆多少钱" … "那西藏呢": what is new takes the place of what was named before.
    anchors = _anchors(own, found, product) or _anchors(before, found, product)
    return Understanding(
        text=text,
        facets=found,
        anchors=anchors,
        kinds=_kinds(text, found),
        language=language_of(question),
        own_order=bool(words().own_order_pattern.search(own)),
        small_talk=talk,
    )


def corrected(text: str) -> str:
    """The readable form with common slips of the keyboard put right."""
    form = readable(text)
    for slip, meant in words().typos.items():
        form = form.replace(slip, meant)
    return form


def small_talk(text: str) -> str:
    """`greeting` or `thanks` if the message is only that."""
    bare = _PUNCTUATION.sub("", text)
    # Some words are read in two ways (在不在): the time doubles with each of them.
    if not 0 < len(bare) <= _SMALL_TALK:
        return ""
    if words().greeting_pattern.fullmatch(bare):
        return "greeting"
    return "thanks" if words().thanks_pattern.fullmatch(bare) else ""


@lru_cache(maxsize=4096)
def asked_facets(text: str) -> tuple[str, ...]:
    """The matters a question asks for, without the wider ones that a narrower one beats."""
    found = [entry for entry in facets().values() if entry.ask_pattern.search(text)]
    beaten = {name for entry in found for name in entry.beats}
    return tuple(entry.id for entry in found if entry.id not in beaten)


def leaned_on(own: str, history: Sequence[Message]) -> str:
    """The customer's last real question, where this one, `corrected`, leans on it; else empty."""
    turns = [corrected(turn.text) for turn in history if turn.role == "customer"]
    turns = [text for text in turns if text and not small_talk(text)]
    if not turns or asked_facets(own):
        return ""
    short = len(own) <= _FOLLOW_UP or (language_of(own) == "en" and len(own.split()) <= _FOLLOW_UP)
    return turns[-1] if short or words().pronoun_pattern.search(own) else ""


def _anchors(text: str, asked: Sequence[str], product: Product | None) -> tuple[str, ...]:
    """What an answer has to name besides the matter itself."""
    if product is not None:
        text = without_marks(text, product)
    entries = [facets()[name] for name in asked]
    # What a customer tells about a return decides it; what is told about a product is small talk.
    if not any(entry.shop for entry in entries):
        text = _asking_clauses(text)
    for entry in entries:
        if entry.closed:
            text = entry.ask_pattern.sub(" ", text)
        elif not entry.strict:
            text = entry.about_pattern.sub(_without_name, text)
    text = _without_product(text, product)
    return runs_of(text)


def _without_name(match: re.Match[str]) -> str:
    """Takes out the matter's bare name; a longer match holds words that were asked for."""
    return " " if len(match[0]) <= _NAME else match[0]


def clauses(text: str) -> list[str]:
    """The pieces of a message between commas, stops and 还有."""
    return [clause.strip() for clause in _CLAUSE.split(text) if clause.strip()]


def _asking_clauses(text: str) -> str:
    """Leaves out what is only told ("我睡眠浅") where another clause names the matter."""
    parts = clauses(text)
    matters = [bool(asked_facets(part)) for part in parts]
    if not any(matters):
        return text
    asks = words().asking_pattern
    kept = zip(parts, matters, strict=True)
    return "，".join(part for part, matter in kept if matter or asks.search(part))


def _without_product(text: str, product: Product | None) -> str:
    """Leaves out words that only say which product is meant: 保温杯, 杯子 for a 保温杯."""
    if product is None:
        return text
    named = product_nouns(product)
    for token in index_tokens(text):
        stem = token.removesuffix("子") if len(token) > 1 else token
        known = len(token) > 1 and token in named
        if known or (stem != token and any(noun.endswith(stem) for noun in named)):
            text = text.replace(token, " ")
    return text


def product_nouns(product: Product) -> frozenset[str]:
    """The words that say which product is meant: category, brand and the last word of each
    piece of the title. What stands before it (真无线, 加厚) may well be asked for."""
    nouns = set(index_tokens(readable(f"{product.category} {product.brand}")))
    for piece in readable(product.title).split():
        if tokens := query_tokens(piece):
            nouns.update((tokens[-1], *index_tokens(tokens[-1])))
    return frozenset(nouns)


def _kinds(text: str, asked: Sequence[str]) -> tuple[AnswerKind, ...]:
    said = [kind for kind, entry in words().answer_kinds.items() if entry.ask_pattern.search(text)]
    needed = [entry.needs for name in asked if (entry := facets()[name]).needs]
    # A matter knows better than the question word: 多大的孩子 wants an age, not a size.
    wanted = [kind for kind in said if kind == "party"] or needed or said
    return tuple(dict.fromkeys(kind for kind in wanted if kind is not None))
