"""What else could answer a shop's customers, to be set beside the pipeline."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sqlalchemy import Connection

from zhanggui.answers.picking import FACTS, fact, pick
from zhanggui.errors import EngineError
from zhanggui.evals.answer_outcomes import Outcome
from zhanggui.evals.shops import Case, OpenShop
from zhanggui.knowledge.attributes import name_and_value
from zhanggui.knowledge.search import search
from zhanggui.llm.engine import ChatMessage, Engine, Request, chat
from zhanggui.records import Citation, Passage, Question, Reply
from zhanggui.store import passages
from zhanggui.text.datafile import DataModel, load
from zhanggui.text.language import language_of
from zhanggui.text.normalise import fold
from zhanggui.text.segment import index_tokens

_POOL = 200
_SAID = 3
"""A plain reply says a passage's words where it has one in so many."""
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")


class _Prompt(DataModel):
    zh: str
    en: str
    refusals: tuple[str, ...]


def nearest_fact(shop: OpenShop, cases: Sequence[Case]) -> list[Outcome]:
    """The passage nearest by 0.3 text + 0.7 vectors, always sent."""
    with shop.store.read() as conn:
        return [_quoted(case, _found(conn, shop, case.question, 1)[:1]) for case in cases]


def faq_matcher(shop: OpenShop, cases: Sequence[Case]) -> list[Outcome]:
    """The FAQ row that BM25 ranks first, always sent; handed over where no row shares a word."""
    with shop.store.read() as conn:
        return [
            _quoted(case, [one for one in _by_text(conn, case.question) if one.kind == "faq"][:1])
            for case in cases
        ]


def picked_fact(shop: OpenShop, cases: Sequence[Case], engine: Engine) -> list[Outcome]:
    """What the model picks among the five nearest, always sent; handed over at none."""
    found = []
    with shop.store.read() as conn:
        for case in cases:
            near = _found(conn, shop, case.question, FACTS)
            try:
                chosen = pick(engine, case.question.question, near).passage if near else None
            except EngineError:
                chosen = None
            found.append(_quoted(case, [chosen] if chosen else []))
    return found


def told_to_ground(shop: OpenShop, cases: Sequence[Case], engine: Engine) -> list[Outcome]:
    """The model's own words over the five passages that BM25 ranks first, sent unless it says
    that it does not know; judged by `says`."""
    prompt = load(_Prompt, "zhanggui.evals", "prompts/plain_answer.yaml")
    found = []
    with shop.store.read() as conn:
        everything = passages.every(conn)
        for case in cases:
            asked = case.question
            facts = "\n".join(fact(one) for one in _by_text(conn, asked)[:FACTS])
            english = language_of(asked.question) == "en"
            request = Request(
                messages=(
                    ChatMessage("system", prompt.en if english else prompt.zh),
                    ChatMessage("user", f"{facts}\n\n{asked.question}"),
                ),
                purpose="evals.plain_answer",
                max_tokens=120,
            )
            text = chat(engine, request).text.strip()
            refused = not text or any(word in fold(text) for word in prompt.refusals)
            reply = Reply(
                id=asked.id,
                decision="hand_over" if refused else "send",
                text=text,
                tier="model",
            )
            gold = [one for one in everything if case.names(one.source, one.text)]
            right = any(says(text, one, asked.question) for one in gold)
            found.append(Outcome(case, reply, right and not refused))
    return found


def says(text: str, passage: Passage, question: str) -> bool:
    """Whether free words say what `passage` says: one of its numbers or a third of its words,
    and no number that neither it nor the question has. Kind to the text: a wrong yes passes."""
    value = name_and_value(passage)[1] if passage.kind == "attribute" else passage.text
    known, there = set(_NUMBER.findall(fold(value))), set(_NUMBER.findall(fold(question)))
    there |= known | set(_NUMBER.findall(fold(passage.heading)))
    said = set(_NUMBER.findall(fold(text)))
    if said - there:
        return False
    words = {token for token in index_tokens(fold(value)) if len(token) > 1} - known
    shared = sum(word in fold(text) for word in words)
    return bool(said & known) or (bool(words) and shared * _SAID >= len(words))


def _found(conn: Connection, shop: OpenShop, asked: Question, limit: int) -> list[Passage]:
    hits = search(conn, shop.embedder, asked.question, product_id=asked.product_id, limit=limit)
    return [hit.passage for hit in hits]


def _by_text(conn: Connection, asked: Question) -> list[Passage]:
    tokens = list(dict.fromkeys(index_tokens(asked.question)))
    hits = passages.search_text(conn, tokens, product_id=asked.product_id, limit=_POOL)
    return passages.get(conn, [key for key, _ in hits])


def _quoted(case: Case, found: Sequence[Passage]) -> Outcome:
    reply = Reply(
        id=case.question.id,
        decision="send" if found else "hand_over",
        text="\n".join(one.text for one in found),
        citations=tuple(Citation(one.source, one.text) for one in found),
        tier="quote",
    )
    return Outcome(case, reply, case.right(reply))
