"""What a question asks for: its matters, its content words, the kind of answer it wants."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from zhanggui.answers.lexicon import AnswerKind, facets, words
from zhanggui.answers.screening import readable
from zhanggui.records import Message, Product
from zhanggui.text.language import Language, language_of
from zhanggui.text.segment import query_tokens

_PUNCTUATION = re.compile(r"[^\w]+")
_FOLLOW_UP = 14
"""Characters up to which a question without a matter of its own leans on the turn before."""
_NOT_TITLE = re.compile(r"\W+")


@dataclass(frozen=True, slots=True)
class Understanding:
    """A question, read."""

    text: str
    """Readable form, slips corrected, joined with the turn it leans on."""
    facets: tuple[str, ...]
    """The matters asked for; empty when none is known."""
    anchors: tuple[str, ...]
    """Content words that an answer has to name."""
    kinds: tuple[AnswerKind, ...]
    """What an answer must hold: a time, a sum, a number, a party."""
    language: Language
    own_order: bool
    """About the customer's own order rather than the shop's rule."""
    small_talk: str = ""
    """`greeting` or `thanks` when the whole message is nothing else."""


def understand(
    question: str, history: Sequence[Message] = (), product: Product | None = None
) -> Understanding:
    """Reads a question against its thread and the product it is about."""
    own = corrected(question)
    talk = small_talk(own)
    text = own if talk else _with_thread(own, history)
    found = asked_facets(text)
    return Understanding(
        text=text,
        facets=found,
        anchors=_anchors(text, found, product),
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
    if bare and words().greeting_pattern.fullmatch(bare):
        return "greeting"
    if bare and words().thanks_pattern.fullmatch(bare):
        return "thanks"
    return ""


@lru_cache(maxsize=4096)
def asked_facets(text: str) -> tuple[str, ...]:
    """The matters a question asks for, without the wider ones that a narrower one beats."""
    found = [entry for entry in facets().values() if entry.ask_pattern.search(text)]
    beaten = {name for entry in found for name in entry.beats}
    return tuple(entry.id for entry in found if entry.id not in beaten)


def content_words(text: str) -> list[str]:
    """The words that carry meaning: no question words, no politeness, no bare topics."""
    bare = words().stop_pattern.sub(" ", text)
    return list(dict.fromkeys(query_tokens(words().topic_pattern.sub(" ", bare))))


def _with_thread(own: str, history: Sequence[Message]) -> str:
    """Prefixes the customer's last real question where this one leans on it."""
    before = [corrected(turn.text) for turn in history if turn.role == "customer"]
    before = [text for text in before if text and not small_talk(text)]
    if not before or asked_facets(own):
        return own
    short = len(own) <= _FOLLOW_UP or (language_of(own) == "en" and len(own.split()) <= _FOLLOW_UP)
    if short or words().pronoun_pattern.search(own):
        return f"{before[-1]}，{own}"
    return own


def _anchors(text: str, asked: Sequence[str], product: Product | None) -> tuple[str, ...]:
    entries = [facets()[name] for name in asked]
    for entry in entries:
        if entry.closed:
            text = entry.ask_pattern.sub(" ", text)
    named = _product_words(product)
    free = [entry for entry in entries if not entry.strict]
    return tuple(
        token
        for token in content_words(text)
        if not _names_product(token, named)
        and not any(
            entry.ask_pattern.search(token) or entry.about_pattern.search(token) for entry in free
        )
    )


def _product_words(product: Product | None) -> str:
    if product is None:
        return ""
    return readable(" ".join((product.title, product.category, product.brand)))


def _names_product(token: str, named: str) -> bool:
    """The token only says which product is meant: 保温杯, 杯子 for a 保温杯."""
    if not named:
        return False
    stem = token.removesuffix("子") if len(token) > 1 else token
    return token in named or (stem != token and stem in named)


def _kinds(text: str, asked: Sequence[str]) -> tuple[AnswerKind, ...]:
    said = [kind for kind, entry in words().answer_kinds.items() if entry.ask_pattern.search(text)]
    needed = [entry.needs for name in asked if (entry := facets()[name]).needs]
    # A matter knows better than the question word: 多大的孩子 wants an age, not a size.
    wanted = [kind for kind in said if kind == "party"] or needed or said
    return tuple(dict.fromkeys(kind for kind in wanted if kind is not None))
