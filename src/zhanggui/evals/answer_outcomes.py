"""What became of a question, how right that was, and what a reply must never hold."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from zhanggui.answers.grounding import unfounded
from zhanggui.answers.pipeline import Answerer
from zhanggui.evals.shops import Case, OpenShop
from zhanggui.records import Order, Passage, Question, Reply
from zhanggui.store import passages, products

PRODUCTS, ORDERS = "products.csv:", "orders.csv"
SIBLING, STRANGER, UNLICENSED = "a sibling's value", "another customer's data", "a loose promise"


@dataclass(frozen=True, slots=True)
class Outcome:
    """A question with its reply."""

    case: Case
    reply: Reply
    right: bool
    """The reply says what answers; whether it was sent is another matter."""

    @property
    def sent(self) -> bool:
        """Whether the customer got it."""
        return self.reply.decision == "send"


@dataclass(frozen=True, slots=True)
class Share:
    """`part` of `whole`."""

    part: int
    whole: int

    @property
    def value(self) -> float:
        """0 where there is nothing."""
        return self.part / self.whole if self.whole else 0.0


def asked(answerer: Answerer, cases: Sequence[Case]) -> list[Outcome]:
    """The replies of the pipeline."""
    replies = [(case, answerer.answer(case.question)) for case in cases]
    return [Outcome(case, reply, case.right(reply)) for case, reply in replies]


def precision(outcomes: Sequence[Outcome]) -> Share:
    """Right, of all that was sent."""
    sent = [one for one in outcomes if one.sent]
    return Share(sum(one.right for one in sent), len(sent))


def coverage(outcomes: Sequence[Outcome]) -> Share:
    """Sent and right, of the questions that the data answer."""
    answerable = [one for one in outcomes if one.case.gold]
    return Share(sum(one.sent and one.right for one in answerable), len(answerable))


def caution(outcomes: Sequence[Outcome]) -> Share:
    """Handed over, of the questions that the data do not answer; a suggestion is not."""
    unanswerable = [one for one in outcomes if not one.case.gold]
    return Share(sum(one.reply.decision == "hand_over" for one in unanswerable), len(unanswerable))


def percentile(values: Sequence[float], share: float) -> float:
    """The nearest-rank percentile; 0 of nothing."""
    ranked = sorted(values)
    return ranked[max(0, math.ceil(share * len(ranked)) - 1)] if ranked else 0.0


def faults(shop: OpenShop, outcomes: Sequence[Outcome]) -> list[tuple[str, Outcome]]:
    """What was sent or suggested and must never be: `SIBLING`, `STRANGER`, `UNLICENSED`."""
    with shop.store.read() as conn:
        known = passages.every(conn)
        shown = [one for one in outcomes if one.reply.decision != "hand_over"]
        return [
            (name, one)
            for one in shown
            for name, found in (
                (SIBLING, _of_sibling(one, known)),
                (STRANGER, of_another(one.case.question, one.reply, shop.orders)),
                (UNLICENSED, bool(_loose(conn, shop, one, known))),
            )
            if found
        ]


def _of_sibling(one: Outcome, known: Sequence[Passage]) -> bool:
    """Cites what is said of another product than the one asked about, or of any product where
    neither the page nor the gold names one. The gold goes before the page: on one bottle's page
    another may be asked about."""
    goods = {passage.product_id for passage in known if passage.product_id}
    golds = {gold.partition("/")[0].removeprefix(PRODUCTS) for gold in one.case.gold}
    meant = golds & goods or {one.case.question.product_id or ""}
    about = {passage.product_id for passage in _cited(one.reply, known)}
    return bool(about - meant - {None})


def _cited(reply: Reply, known: Sequence[Passage]) -> list[Passage]:
    """The passages that hold a quote of the reply; a source may have many."""
    return [
        passage
        for passage in known
        if any(
            one.source == passage.source and one.quote in passage.text for one in reply.citations
        )
    ]


def of_another(question: Question, reply: Reply, sold: Sequence[Order]) -> bool:
    """Whether the reply tells of an order that is not this customer's."""
    mine = f"key-{question.customer_id}"
    texts = [reply.text, *(one.quote for one in reply.citations)]
    others = [order for order in sold if order.customer_id != mine]
    own = [order.order_id for order in sold if order.customer_id == mine]
    numbers = [
        number
        for order in others
        for number in (order.tracking_no, order.order_id.removeprefix("key-"))
        if number
    ]
    if any(number in text for number in numbers for text in texts):
        return True
    cited = [one.source.rpartition("…")[2] for one in reply.citations if ORDERS in one.source]
    return any(not any(number.endswith(end) for number in own) for end in cited)


def _loose(conn: Connection, shop: OpenShop, one: Outcome, known: Sequence[Passage]) -> str:
    """A number or a promise of the text that stands in no quote, nor in the names of what is
    quoted."""
    if not one.reply.citations:
        return unfounded(one.reply.text, "")
    ground = [quote.quote for quote in one.reply.citations]
    for passage in _cited(one.reply, known):
        name = passage.text.partition("：")[0] if passage.kind == "attribute" else ""
        ground += [passage.heading, name]
    if any(ORDERS in quote.source for quote in one.reply.citations):
        bought = [products.get(conn, order.product_id) for order in shop.orders]
        ground += [product.title for product in bought if product]
    return unfounded(one.reply.text, "\n".join(ground))
