"""A rule of the shop with what the shop's own documents except from it.

The lines that name the product at hand, or the state in which the customer has it, decide
whether a general rule may be said: never the bare rule where an exception touches it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import Connection

from zhanggui.answers.coverage import runs_of
from zhanggui.answers.evidence import about
from zhanggui.answers.lexicon import facets, narrowing
from zhanggui.answers.scope import Kind, conditions_of, is_of_place, line, of_others, refuses
from zhanggui.answers.screening import readable
from zhanggui.answers.subject import SHOP_WIDE
from zhanggui.answers.understanding import Understanding
from zhanggui.knowledge.markdown import plain
from zhanggui.records import Passage, Product
from zhanggui.store import passages
from zhanggui.text.segment import index_tokens

_MOST = 2
_CLEARLY = 0.6
_POOL = 60


@dataclass(frozen=True, slots=True)
class Ruling:
    """What is to be quoted for a rule."""

    passages: tuple[Passage, ...]
    settled: bool
    """False where the customer names a state that none of the lines speaks of."""


def is_rule(passage: Passage) -> bool:
    """Whether the passage is a rule of the whole shop on a matter of the shop."""
    return passage.product_id is None and bool(_matters(passage))


def is_foreign(passage: Passage, kind: Kind, asked: Understanding) -> bool:
    """Whether the passage only takes something away, and from other products than this kind:
    袜子拆开后不退 is no answer for a charger."""
    known, text = narrowing(), line(passage)
    if passage.product_id is not None or kind.pattern is None:
        return False
    if kind.named_in(text) or not refuses(passage):
        return False
    if known.conditional.isdisjoint(_matters(passage)) or known.grant_pattern.search(text):
        return False
    return not conditions_of(text) & conditions_of(asked.text) or bool(_left(passage, asked))


def foreign(given: Sequence[Passage], kind: Kind, asked: Understanding) -> frozenset[str]:
    """The ids of the foreign passages, which cannot answer; none where a refusal of this kind's
    own stands among them, for that one takes their place."""
    own = any(
        refuses(one)
        and kind.named_in(line(one))
        and not narrowing().conditional.isdisjoint(_matters(one))
        for one in given
        if one.product_id is None
    )
    if own:
        return frozenset()
    return frozenset(one.id for one in given if is_foreign(one, kind, asked))


def _left(passage: Passage, asked: Understanding) -> list[str]:
    """What a line names besides states and refusals and besides what the customer says."""
    text = readable(plain(passage.text))
    known = narrowing()
    matters = (facets()[name].about_pattern for name in sorted(known.conditional - known.weak))
    for pattern in (*matters, *known.condition_patterns.values(), known.refusal_pattern):
        text = pattern.sub(" ", text)
    return [run for run in runs_of(text) if run not in asked.text]


def rules_near(conn: Connection, product: Product | None) -> list[Passage]:
    """Shop-wide passages that share words with the product or refuse something."""
    said = f"{product.category} {product.title}" if product else ""
    tokens = [*index_tokens(said), *narrowing().refusing_words]
    hits = passages.search_text(conn, tokens, product_id=SHOP_WIDE, limit=_POOL)
    return passages.get(conn, [key for key, _ in hits])


def ruling(
    conn: Connection,
    asked: Understanding,
    rule: Passage,
    lines: Sequence[Passage],
    kind: Kind,
) -> Ruling:
    """`rule` with, or replaced by, those of the shop-wide `lines` that narrow it."""
    matters = _asked(asked, rule)
    stated = _stated(asked, matters)
    near = _near(asked, matters, rule, lines)
    mine = [one for one in near if kind.named_in(line(one))]
    exceptions = [one for one in mine if refuses(one)]
    if stated and not exceptions:
        exceptions = _by_state(conn, near, kind, asked)
    if refuses(rule) and kind.named_in(line(rule)):
        return _settled(stated, [rule])
    hit = [one for one in exceptions if _meets(one, stated)]
    if hit:
        return Ruling(tuple(hit[:_MOST]), settled=True)
    if exceptions:
        base = [] if is_foreign(rule, kind, asked) else [rule]
        return _settled(stated, [*base, *exceptions[:_MOST]])
    if not kind.named_in(line(rule)):
        special = [one for one in mine if _clear(one, matters)]
        if special:
            return _settled(stated, special[:1])
    return _settled(stated, [rule])


@lru_cache(maxsize=4096)
def _matters(passage: Passage) -> frozenset[str]:
    """The matters of the shop that the passage is clearly about."""
    shop = (name for name, entry in facets().items() if entry.shop)
    return frozenset(name for name in shop if about(passage, name) >= _CLEARLY)


def _asked(asked: Understanding, rule: Passage) -> frozenset[str]:
    """The matters of the shop that are asked for; where none is known, those of the rule."""
    found = frozenset(name for name in asked.facets if facets()[name].shop)
    return found or _matters(rule)


def _stated(asked: Understanding, matters: frozenset[str]) -> frozenset[str]:
    if narrowing().conditional.isdisjoint(matters):
        return frozenset()
    return conditions_of(asked.text)


def _near(
    asked: Understanding, matters: frozenset[str], rule: Passage, lines: Sequence[Passage]
) -> list[Passage]:
    """The other shop-wide lines on the same matter, the clearest first."""
    family = narrowing().family(matters) - narrowing().weak
    strength = {
        one.id: max((about(one, name) for name in family), default=0.0)
        for one in lines
        if one.product_id is None and one.id != rule.id and is_of_place(one, asked.text)
    }
    near = [one for one in lines if strength.get(one.id, 0.0) > 0.0]
    return sorted(near, key=lambda one: -strength[one.id])


def _by_state(
    conn: Connection, lines: Sequence[Passage], kind: Kind, asked: Understanding
) -> list[Passage]:
    """Refusals for a state that the customer names, whatever the product."""
    stated = conditions_of(asked.text)
    found = [one for one in lines if refuses(one) and conditions_of(line(one)) & stated]
    others = of_others(conn, found, kind, asked.text)
    return [one for one in found if one.id not in others and not is_foreign(one, kind, asked)]


def _meets(passage: Passage, stated: frozenset[str]) -> bool:
    needed = conditions_of(line(passage))
    return not needed or not needed.isdisjoint(stated)


def _clear(passage: Passage, matters: frozenset[str]) -> bool:
    return any(about(passage, name) >= _CLEARLY for name in matters - narrowing().weak)


def _settled(stated: frozenset[str], quoted: Sequence[Passage]) -> Ruling:
    spoken = frozenset().union(*(conditions_of(line(one)) for one in quoted))
    return Ruling(tuple(quoted), settled=stated <= spoken)
