"""Whether our reply and the staff's say the same: numbers, dates, yes and no and named values in
code, nearness for the rest, and the model only where that decides nothing."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

import numpy as np

from zhanggui.answers.picking import as_line, yes
from zhanggui.answers.screening import readable
from zhanggui.answers.staff_words import answering, is_yes_no, says_no
from zhanggui.errors import EngineError
from zhanggui.knowledge.embedder import Embedder
from zhanggui.llm.engine import Engine
from zhanggui.records import Citation, Product, Reply
from zhanggui.text.quantities import quantities

Verdict = Literal["agree", "differ", "staff_only", "cannot_tell"]

NEAR = 0.75
"""Cosine from which two replies without numbers are taken to say the same."""
_RELATED = 0.35
"""Cosine below which one shared number is a coincidence."""
_SURE = 0.8
_DATE = re.compile(r"(?:20\d\d-(\d{2})-|(\d{1,2})月)(\d{1,2})[日号]?")
_BARE = re.compile(r"(?<![\d.a-z])\d{3,}(?![\d.])")
_VALUES = re.compile(r"[、，,/;；|\s和与及]+")
_CODE, _DAY = "code", "date"
_Range = tuple[Decimal, Decimal]


@dataclass(frozen=True, slots=True)
class Agreement:
    """What comparing two replies came to, and why."""

    verdict: Verdict
    why: str


def agreement(
    question: str,
    reply: Reply,
    staff: str,
    *,
    product: Product | None,
    embedder: Embedder,
    engine: Engine | None = None,
) -> Agreement:
    """Compares what would have been sent or suggested with what the staff said.

    `engine` None leaves what code cannot decide at `cannot_tell`.
    """
    answered = "，".join(answering(staff))
    if reply.decision == "hand_over":
        if answered:
            return Agreement("staff_only", "人工回答了，这里转人工")
        return Agreement("agree", "两边都没有直接回答")
    if not answered:
        return Agreement("cannot_tell", "人工没有直接回答，这里回答了")
    if reply.tier == "rule":
        return _of_order(reply, answered)
    ours = _said(reply)
    clash = _clash(question, ours, answered, product)
    if clash:
        return Agreement("differ", clash)
    near = nearness(embedder, ours, answered)
    shared = _quoted(reply, answered) or _shared(question, ours, answered, product)
    if shared and near >= _RELATED:
        return Agreement("agree", shared)
    if near >= NEAR:
        return Agreement("agree", f"意思相近（{near:.2f}）")
    return _asked(engine, question, ours, answered) if engine else _open(near)


def _of_order(reply: Reply, answered: str) -> Agreement:
    """An order has moved on since then, so only what is the same says anything."""
    if not reply.citations:
        return Agreement("cannot_tell", "寒暄")
    if _numbers(reply.text).get(_DAY, set()) & _numbers(answered).get(_DAY, set()):
        return Agreement("agree", "订单日期一致")
    if any(len(one.quote) > 1 and one.quote[:2] in answered for one in reply.citations):
        return Agreement("agree", "订单信息一致")
    return Agreement("cannot_tell", "订单此后可能有变化，无法比较")


def nearness(embedder: Embedder, ours: str, theirs: str) -> float:
    """The cosine between two texts."""
    left, right = embedder.encode([readable(ours), readable(theirs)])
    return float(np.dot(left, right))


def _said(reply: Reply) -> str:
    """The words of the shop in a reply, without the frame around them."""
    if not reply.citations:
        return reply.text
    return " ".join(map(_line, reply.citations))


def _line(citation: Citation) -> str:
    """An attribute's value with its name, which `products.csv:P001/材质` ends in."""
    name = citation.source.partition(":")[2].partition("/")[2]
    return f"{name}：{citation.quote}" if name else citation.quote


def _clash(question: str, ours: str, theirs: str, product: Product | None) -> str:
    """What the two contradict each other in; empty where in nothing."""
    mine, other = _numbers(ours), _numbers(theirs)
    # A bare number may count anything, so two that differ need not be at odds.
    for name in (mine.keys() & other.keys()) - {_CODE}:
        if not _overlap(mine[name], other[name]):
            what = "日期" if name == _DAY else "数字"
            return f"{what}不一致：{_told(mine[name], name)} / {_told(other[name], name)}"
    if is_yes_no(question):
        no, other_no = says_no(ours), says_no(theirs)
        if no is not None and other_no is not None and no is not other_no:
            return "一个说可以，一个说不可以"
    for name, values in _named(product).items():
        told, other_told = _mentioned(values, ours), _mentioned(values, theirs)
        if told and other_told and not told & other_told:
            return f"{name}不一致：{'、'.join(sorted(told))} / {'、'.join(sorted(other_told))}"
    return ""


def _quoted(reply: Reply, theirs: str) -> str:
    """The staff says a whole value or line of ours."""
    said = readable(theirs)
    values = [readable(one.quote).rstrip("。.") for one in reply.citations]
    return "原文一致" if any(len(one) > 1 and one in said for one in values) else ""


def _shared(question: str, ours: str, theirs: str, product: Product | None) -> str:
    """What both say; empty where nothing that code can see."""
    mine, other = _numbers(ours), _numbers(theirs)
    if any(_overlap(mine[name], other[name]) for name in mine.keys() & other.keys()):
        return "数字一致"
    if is_yes_no(question):
        no = says_no(ours)
        if no is not None and no is says_no(theirs):
            return "结论一致"
    for name, values in _named(product).items():
        if _mentioned(values, ours) & _mentioned(values, theirs):
            return f"{name}一致"
    return ""


def _numbers(text: str) -> dict[str, set[_Range]]:
    """Numbers by what they measure; dates and codes stand apart."""
    found: dict[str, set[_Range]] = defaultdict(set)
    form = readable(text)
    for match in _DATE.finditer(form):
        day = Decimal(int(match[1] or match[2]) * 100 + int(match[3]))
        found[_DAY].add((day, day))
    form = _DATE.sub(lambda match: " " * len(match[0]), form)
    spans = quantities(form)
    for span in spans:
        quantity = span.quantity
        # 一个, 一下: a word rather than a number.
        if not span.spoken:
            found[quantity.dimension].add((quantity.low, quantity.high))
    for match in _BARE.finditer(form):
        if not any(span.start < match.end() and match.start() < span.end for span in spans):
            found[_CODE].add((Decimal(match[0]), Decimal(match[0])))
    return found


def _overlap(left: set[_Range], right: set[_Range]) -> bool:
    return any(a <= d and c <= b for a, b in left for c, d in right)


def _told(ranges: set[_Range], measure: str) -> str:
    if measure == _DAY:
        return "、".join(f"{int(day) // 100}月{int(day) % 100}日" for day, _ in sorted(ranges))
    return "、".join(
        f"{low.normalize():f}" if low == high else f"{low.normalize():f}–{high.normalize():f}"
        for low, high in sorted(ranges)
    )


def _named(product: Product | None) -> dict[str, list[str]]:
    """The values of the attributes that list several: 白、灰."""
    if product is None:
        return {}
    parts = {
        name: [readable(part) for part in _VALUES.split(value) if len(part.strip()) > 0]
        for name, value in product.attributes.items()
    }
    return {
        name: values
        for name, values in parts.items()
        if len(values) > 1 and all(2 <= len(one) <= 8 or not one.isascii() for one in values)
    }


def _mentioned(values: list[str], text: str) -> set[str]:
    form = readable(text)
    return {one for one in values if one in form}


def _asked(engine: Engine, question: str, ours: str, theirs: str) -> Agreement:
    known = {
        "{question}": as_line(question),
        "{ours}": as_line(ours),
        "{theirs}": as_line(theirs),
    }
    try:
        same = yes(engine, "agree", known)
    except EngineError as error:
        return Agreement("cannot_tell", f"模型没有给出结果：{type(error).__name__}")
    if same >= _SURE:
        return Agreement("agree", f"模型判断一致（{same:.2f}）")
    if same <= 1 - _SURE:
        return Agreement("differ", f"模型判断不一致（{1 - same:.2f}）")
    return Agreement("cannot_tell", f"模型没有把握（{same:.2f}）")


def _open(near: float) -> Agreement:
    return Agreement("cannot_tell", f"没有可核对的数字或结论（相近度 {near:.2f}）")
