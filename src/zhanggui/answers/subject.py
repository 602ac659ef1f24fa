"""Which product a question is about."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from zhanggui.answers.screening import readable
from zhanggui.answers.siblings import mentions, pointed_at
from zhanggui.answers.understanding import corrected, leaned_on
from zhanggui.records import Message, Product, Question
from zhanggui.store import passages, products
from zhanggui.text.segment import index_tokens

_POOL = 60
_DIGITS = re.compile(r"\d{2,}")
SHOP_WIDE = ""
"""The product id of no product: a search with it sees what holds for the whole shop only."""


@dataclass(frozen=True, slots=True)
class Subject:
    """The product a question is about."""

    product: Product | None
    """None where none is meant, or nobody can tell which."""
    unclear: bool = False
    """The words name a size or a model that this product has not, and no sibling alone has."""
    named: bool = False
    """Not the one whose page it is, so that a reply has to say which."""


def subject(conn: Connection, question: Question) -> Subject:
    """The product the channel names, else the one that the words name without doubt; the sibling
    of it that the words point at (那350的呢).

    Without the channel the thread is read backwards, the customer's and the shop's turns alike.
    """
    page = question.product_id
    product = _by_words(conn, question) if page is None else products.get(conn, page)
    if product is None:
        return Subject(None)
    own = corrected(question.question)
    before = "" if page is None else leaned_on(own, question.history)
    for text in filter(None, (own, before)):
        if pointed := pointed_at(product, text, lambda: products.every(conn)):
            found = pointed.product
            return Subject(found, unclear=found is None, named=page is not None)
        if any(mentions(text)):
            break
    return Subject(product)


def subject_of(conn: Connection, question: Question) -> Product | None:
    """The product of `subject`."""
    return subject(conn, question).product


def _by_words(conn: Connection, question: Question) -> Product | None:
    turns = [Message("customer", question.question), *reversed(question.history)]
    for turn in turns:
        named, unsure = _named(conn, turn.text)
        if named is not None or unsure:
            return named
    return None


def _named(conn: Connection, text: str) -> tuple[Product | None, bool]:
    """The one product whose title the text shares most with; True where several tie."""
    said = _title_tokens(text)
    if not said:
        return None, False
    hits = passages.search_text(conn, sorted(said), product_id=None, limit=_POOL)
    found = passages.get(conn, [key for key, _ in hits])
    told = [hit for hit in found if hit.kind == "attribute"]
    titles = {hit.product_id: hit.heading for hit in told if hit.product_id and hit.heading}
    weights = _weights(list(titles.values()))
    scores = sorted(
        (
            (sum(weights[token] for token in said & _title_tokens(title)), key)
            for key, title in titles.items()
        ),
        reverse=True,
    )
    if not scores or scores[0][0] <= 0:
        return None, False
    if len(scores) > 1 and scores[0][0] - scores[1][0] < 1e-9:
        return None, True
    return products.get(conn, scores[0][1]), False


def _title_tokens(title: str) -> set[str]:
    form = readable(title)
    # People say 那个750的 for a bottle of 750ml.
    return {token for token in (*index_tokens(form), *_DIGITS.findall(form)) if len(token) > 1}


def _weights(titles: Sequence[str]) -> dict[str, float]:
    """A word that few titles have says more about which one is meant."""
    counts = Counter(token for title in titles for token in _title_tokens(title))
    return {token: 1.0 / count for token, count in counts.items()}
