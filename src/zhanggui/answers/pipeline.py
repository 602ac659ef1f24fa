"""screen → understand → evidence → compose → ground → decide."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import chain

from sqlalchemy import Connection

from zhanggui.answers import decision, grounding
from zhanggui.answers.calibration import TELLING, UNJUDGED, Calibration, question_key
from zhanggui.answers.composition import Composed, compose, is_row
from zhanggui.answers.coverage import coverage
from zhanggui.answers.evidence import Evidence, passage_words, weigh
from zhanggui.answers.exceptions import foreign, is_rule, rules_near, ruling
from zhanggui.answers.lexicon import facets, frames
from zhanggui.answers.orders import Identities, answer_order
from zhanggui.answers.picking import FACTS, check, pick
from zhanggui.answers.scope import Kind, kind_of, of_others
from zhanggui.answers.screening import Screened, readable, screen
from zhanggui.answers.subject import SHOP_WIDE, Subject, subject, subject_of
from zhanggui.answers.understanding import Understanding, asked_facets, clauses, understand
from zhanggui.errors import EngineError
from zhanggui.guard.screen import shipped_guard
from zhanggui.knowledge.embedder import Embedder
from zhanggui.knowledge.search import Hit, search
from zhanggui.labels import reply_label
from zhanggui.llm.engine import Engine
from zhanggui.llm.waiting_line import InTurn, Place, Waiting, WaitingLine
from zhanggui.llm.wrappers import Metered
from zhanggui.pii.vault import SHOP
from zhanggui.records import (
    Citation,
    Decision,
    Passage,
    Product,
    Question,
    Receipt,
    Reply,
    ReplyTier,
    Sentence,
)
from zhanggui.store.database import Store

_HITS = 60
_MOST_QUOTES = 3
_MOST_ROWS = 5
_NEAR = 10
_FAULT = "回复没有通过核对：{}"
NO_RESULT = "模型没有给出结果"
"""How the reason begins where the model failed."""


@dataclass(frozen=True, slots=True)
class _Verdict:
    decision: Decision
    tier: ReplyTier
    reason: str
    confidence: float = 0.0
    composed: Composed | None = None
    uncalibrated: float | None = None


@dataclass(frozen=True, slots=True)
class _Experience:
    """What was said of earlier replies, for one question."""

    calibration: Calibration
    refused: frozenset[str]
    """Ids of the passages that are no answer to it."""


class Answerer:
    """Answers the questions of one shop's customers."""

    def __init__(
        self,
        store: Store,
        vault: Identities,
        embedder: Embedder,
        engine: Engine | None,
        now: datetime | date,
        line: WaitingLine | None = None,
        judged: Callable[[Connection], Calibration] = lambda _: UNJUDGED,
    ) -> None:
        """`engine` None leaves the model tier out. `now` decides which passages hold. `line` is
        where questions wait for the model, shared by all answerers of one model; `judged` gives
        what the shop's people said of earlier replies."""
        self._store = store
        self._vault = vault
        self._embedder = embedder
        self._engine = engine
        self._now = now if isinstance(now, datetime) else datetime(now.year, now.month, now.day)
        self._today = self._now.date()
        self._line = line or WaitingLine()
        self._judged = judged

    def answer(self, question: Question) -> Reply:
        """The reply with its decision; a failing model means a handover, not an error.

        Raises `StoreError` when the database cannot be read.
        """
        with self._line.join() as place:
            return self._spoken(question, place)[0]

    def stream(self, question: Question) -> Iterator[Waiting | Sentence | Reply]:
        """How long it may take, then the reply's sentences one by one, then the reply itself.

        The sentences joined are the reply's text, and the reply is what `answer` gives. None
        leaves before its own checks and the decision on the whole, since what is half answered
        is handed over. Raises as `answer` does.
        """
        with self._line.join() as place:
            yield place.waiting
            reply, sentences = self._spoken(question, place)
        yield from sentences
        yield reply

    def _spoken(self, question: Question, place: Place) -> tuple[Reply, tuple[Sentence, ...]]:
        began = time.perf_counter()
        self._line.look(place)
        spent: list[Receipt] = []
        asking = self
        if self._engine is not None:
            engine = Metered(InTurn(self._engine, place), spent.append)
            asking = Answerer(
                self._store,
                self._vault,
                self._embedder,
                engine,
                self._now,
                self._line,
                self._judged,
            )
        reply, sentences = asking._reply(question)
        text = "".join(sentence.text for sentence in sentences)
        cited = tuple(chain.from_iterable(sentence.citations for sentence in sentences))
        ms = (time.perf_counter() - began) * 1000
        reply = replace(reply, text=text, citations=cited, ms=ms, cost=_cost(reply, spent, ms))
        return replace(reply, label=reply_label(reply)), sentences

    def _reply(self, question: Question) -> tuple[Reply, tuple[Sentence, ...]]:
        """The reply without its text, and its sentences."""
        screened = screen(question.question)
        if screened is not None and not screened.unless_known:
            return _handed_over(question, screened.reason)
        asked = understand(question.question)
        words = frames(asked.language)
        if asked.small_talk:
            text = words.greeting if asked.small_talk == "greeting" else words.thanks
            said = Reply(
                id=question.id, decision="send", text="", confidence=1.0, reason="寒暄，不含承诺"
            )
            return said, (Sentence(text),)
        with self._store.read() as conn:
            if asked.own_order:
                return self._order(conn, question, asked)
            about = subject(conn, question)
            if about.unclear:
                return _handed_over(question, "顾客问的规格不是这款商品的，也认不出是哪一款")
            verdict = self._verdict(conn, question, about, screened)
            reply, sentences = _written(question, verdict)
            sentences = tuple(self._restored(conn, sentence) for sentence in sentences)
        fault = grounding.concealed("".join(sentence.text for sentence in sentences))
        return _handed_over(question, _FAULT.format(fault)) if fault else (reply, sentences)

    def _restored(self, conn: Connection, sentence: Sentence) -> Sentence:
        """Gives the shop's own numbers back, which the import put into the vault."""
        back = [
            Citation(one.source, self._vault.restore(conn, one.quote, SHOP))
            for one in sentence.citations
        ]
        return Sentence(self._vault.restore(conn, sentence.text, SHOP), tuple(back))

    def _order(
        self, conn: Connection, question: Question, asked: Understanding
    ) -> tuple[Reply, tuple[Sentence, ...]]:
        words = frames(asked.language)
        if question.customer_id is None:
            reason = "查询订单需要先核实顾客身份"
            reply = Reply(id=question.id, decision="hand_over", text="", reason=reason)
            return reply, (Sentence(words.verify_first),)
        found = answer_order(conn, self._vault, question, subject_of(conn, question), words)
        if found is None:
            return _handed_over(question, "没有找到这位顾客的对应订单")
        for sentence in found.sentences:
            fault = grounding.concealed(sentence.text)
            fault = fault or grounding.unfounded(sentence.text, found.ground)
            if fault:
                return _handed_over(question, _FAULT.format(fault))
        reply = Reply(
            id=question.id,
            decision="send",
            text="",
            confidence=1.0,
            reason="订单表里这位已核实顾客的订单",
        )
        return reply, found.sentences

    def _verdict(
        self,
        conn: Connection,
        question: Question,
        about: Subject,
        screened: Screened | None,
    ) -> _Verdict:
        whole = understand(question.question, question.history, about.product)
        parts = [understand(part, (), about.product) for part in _parts(whole.text)] or [whole]
        known = self._experience(conn, question)
        verdicts = [self._part(conn, part, about, screened, known) for part in parts]
        failed = next((verdict for verdict in verdicts if verdict.decision != "send"), None)
        if len(verdicts) == 1 or failed is None:
            return _heeding(_together(verdicts, whole, about), known, whole)
        return replace(failed, decision="hand_over", composed=None)

    def _experience(self, conn: Connection, question: Question) -> _Experience:
        judged = self._judged(conn)
        if not judged.refused:
            return _Experience(judged, frozenset())
        key = question_key(self._vault, question)
        return _Experience(judged, judged.refused.get(key, frozenset()))

    def candidates(self, question: Question) -> list[Evidence]:
        """The passages that might answer a question about the shop, best first; none for what
        is settled before anything is looked up."""
        screened = screen(question.question)
        asked = understand(question.question)
        if (screened and not screened.unless_known) or asked.small_talk or asked.own_order:
            return []
        with self._store.read() as conn:
            product = subject_of(conn, question)
            whole = understand(question.question, question.history, product)
            return self._found(conn, whole, product)[1]

    def _found(
        self, conn: Connection, asked: Understanding, product: Product | None
    ) -> tuple[list[Hit], list[Evidence]]:
        scope = product.id if product else SHOP_WIDE
        also = [word for name in asked.facets for word in facets()[name].names]
        hits = search(conn, self._embedder, asked.text, product_id=scope, limit=_HITS, also=also)
        hits = [hit for hit in hits if self._holds(hit.passage)]
        return hits, _without_others(conn, asked, weigh(asked, hits, product), kind_of(product))

    def _part(
        self,
        conn: Connection,
        asked: Understanding,
        about: Subject,
        screened: Screened | None,
        known: _Experience,
    ) -> _Verdict:
        product = about.product
        hits, found = self._found(conn, asked, product)
        found = [one for one in found if one.passage.id not in known.refused]
        if screened is not None:
            found = [one for one in found if _says(one.passage, asked)]
        if not found or not decision.is_grey(found[0]):
            reason = screened.reason if screened else "店铺资料里没有这个问题的答案"
            return _Verdict("hand_over", "quote", reason, found[0].confidence if found else 0.0)
        best = found[0]
        if decision.is_sure(best):
            reason = "顾客的问题与常见问答一致" if best.passage.question else "资料原文直接回答"
            chosen: Evidence | None = best
            verdict = _Verdict("send", decision.tier_of(best), reason, best.confidence)
        else:
            verdict, chosen = self._picked(asked, found, product, known)
        if chosen is None:
            return verdict
        quoted = _quoted([chosen, *(one for one in found if one is not chosen)])
        if is_rule(quoted[0]):
            also_hold = [line for line in rules_near(conn, product) if self._holds(line)]
            lines = list(dict.fromkeys([*(hit.passage for hit in hits), *also_hold]))
            ruled = ruling(conn, asked, quoted[0], lines, kind_of(product))
            if ruled.passages != quoted[:1]:
                quoted = ruled.passages
            if not ruled.settled and verdict.decision == "send":
                reason = "顾客说的情况规则里没有写明，建议人工确认后发送"
                verdict = replace(verdict, decision="suggest", reason=reason)
        composed = compose(quoted, frames(asked.language), named=about.named)
        return _grounded(replace(verdict, composed=composed))

    def _picked(
        self,
        asked: Understanding,
        found: Sequence[Evidence],
        product: Product | None,
        known: _Experience,
    ) -> tuple[_Verdict, Evidence | None]:
        """What the model chose, or None with the reason why nothing is said."""
        best = found[0]
        if self._engine is None:
            return _unchecked(best)
        try:
            picked = pick(self._engine, asked.text, [one.passage for one in found[:FACTS]])
            chosen = next((one for one in found if one.passage == picked.passage), None)
            if chosen is None:
                reason = "模型判断资料没有回答这个问题"
                return _Verdict("hand_over", "model", reason, best.confidence), None
            title = product.title if product else ""
            checked = check(self._engine, asked.text, chosen.passage, title)
        except EngineError as error:
            reason = f"{NO_RESULT}：{type(error).__name__}"
            return _Verdict("hand_over", "model", reason), None
        first = chosen is best
        confidence = decision.judged(chosen, picked.probability, checked, first=first)
        send = known.calibration.send_from(asked.facets)
        outcome = decision.decide(confidence, first=first, send=send)
        if outcome == "hand_over":
            return _Verdict("hand_over", "model", "模型对所选资料没有把握", confidence), None
        reason = "模型选中的资料原文" + ("" if outcome == "send" else "，建议人工确认后发送")
        return _Verdict(outcome, "model", reason, confidence), chosen

    def _holds(self, passage: Passage) -> bool:
        return (passage.valid_from is None or passage.valid_from <= self._today) and (
            passage.valid_to is None or passage.valid_to >= self._today
        )


def _parts(text: str) -> list[str]:
    """The questions of one message, where they ask for different matters."""
    parts = clauses(text)
    matters = [set(asked_facets(part)) for part in parts]
    known = [matter for matter in matters if matter]
    if len(known) != len(parts) or len(parts) < 2 or len(parts) > _MOST_QUOTES:
        return []
    apart = all(
        not (left & right) for place, left in enumerate(known) for right in known[place + 1 :]
    )
    return parts if apart else []


def _says(passage: Passage, asked: Understanding) -> bool:
    """The passage names everything asked for; needed where a wrong guess could do harm."""
    text = passage_words(passage)
    return bool(asked.anchors) and coverage(asked.anchors, text) >= 1.0


def _quoted(found: Sequence[Evidence]) -> tuple[Passage, ...]:
    """The best passage; of attributes and of the rows of a table also the others that the same
    question means, since one alone would mislead."""
    best = found[0]
    if is_row(best.passage):
        rows = [one for one in found if one.passage.heading == best.passage.heading]
        level = best.features.covered
        return tuple(one.passage for one in rows if one.features.covered >= level)[:_MOST_ROWS]
    if best.passage.kind != "attribute" or best.features.matter < 1.0:
        return (best.passage,)
    alike = [
        one.passage
        for one in found[1:]
        if one.passage.kind == "attribute"
        and one.features.matter >= 1.0
        and decision.is_near(one, best)
    ]
    return (best.passage, *alike)[:_MOST_QUOTES]


def _unchecked(best: Evidence) -> tuple[_Verdict, Evidence | None]:
    """Without a model, what is nearly sure is left to the staff."""
    if decision.is_likely(best):
        reason = "资料很可能回答了这个问题，建议人工确认后发送"
        return _Verdict("suggest", decision.tier_of(best), reason, best.confidence), best
    reason = "资料只沾边，没有把握直接回答"
    return _Verdict("hand_over", "quote", reason, best.confidence), None


def _without_others(
    conn: Connection, asked: Understanding, found: list[Evidence], kind: Kind
) -> list[Evidence]:
    """Leaves out, near the top, the shop's rules for other products than the one at hand."""
    if kind.pattern is None:
        return found
    near = [one.passage for one in found[:_NEAR] if is_rule(one.passage)]
    others = of_others(conn, near, kind, asked.text) if near else frozenset()
    others |= foreign([one.passage for one in found], kind, asked)
    return [one for one in found if one.passage.id not in others]


def _grounded(verdict: _Verdict) -> _Verdict:
    """Each sentence has to stand on the passage that it quotes."""
    composed = verdict.composed
    if composed is None:
        return verdict
    pairs = zip(composed.sentences, composed.passages, strict=True)
    faults = (grounding.fault(one.text, one.citations, [passage]) for one, passage in pairs)
    fault = next(filter(None, faults), "")
    if not fault and any(shipped_guard().injections.found(_texts(composed))):
        fault = "资料里含有给机器看的指令"
    if not fault:
        return verdict
    return replace(verdict, decision="hand_over", reason=_FAULT.format(fault), composed=None)


def _heeding(verdict: _Verdict, known: _Experience, asked: Understanding) -> _Verdict:
    """The verdict after what was said of earlier replies like it."""
    composed = verdict.composed
    if composed is None:
        return verdict
    if any(passage.id in known.refused for passage in composed.passages):
        reason = "同样的问题，这条资料曾被人工判定为不对"
        return replace(verdict, decision="hand_over", reason=reason, composed=None)
    calibration, raw = known.calibration, verdict.confidence
    scaled = calibration.scaling.of(raw)
    if scaled != raw:
        verdict = replace(verdict, confidence=scaled, uncalibrated=raw)
    if verdict.decision != "send":
        return verdict
    if known.refused and composed.passages[0].kind != "approved":
        reason = "同样的问题曾有回复被人工判定为不对，建议人工确认后发送"
        return replace(verdict, decision="suggest", reason=reason)
    limit = calibration.limit(verdict.tier, asked.facets)
    if limit is None:
        return verdict
    if raw < limit.threshold:
        reason = "已评判的回复还不能保证这类回复的出错率，建议人工确认后发送"
        return replace(verdict, decision="suggest", reason=reason)
    if limit.judged < TELLING:
        return verdict
    proof = f"已评判 {limit.judged} 条，出错率不超过 {limit.bound:.1%}"
    return replace(verdict, reason=f"{verdict.reason}（{proof}）")


def _texts(composed: Composed) -> list[str]:
    return [passage.text for passage in composed.passages]


def _together(verdicts: Sequence[_Verdict], asked: Understanding, about: Subject) -> _Verdict:
    if len(verdicts) == 1:
        return verdicts[0]
    passages = [
        passage for verdict in verdicts if verdict.composed for passage in verdict.composed.passages
    ]
    weakest = min(verdicts, key=lambda verdict: verdict.confidence)
    said = list(dict.fromkeys(passages))
    composed = compose(said, frames(asked.language), named=about.named)
    return _grounded(replace(weakest, composed=composed))


def _written(question: Question, verdict: _Verdict) -> tuple[Reply, tuple[Sentence, ...]]:
    if verdict.composed is None:
        reply, sentences = _handed_over(question, verdict.reason)
        return replace(reply, confidence=verdict.confidence, tier=verdict.tier), sentences
    reply = Reply(
        id=question.id,
        decision=verdict.decision,
        text="",
        confidence=verdict.confidence,
        reason=verdict.reason,
        tier=verdict.tier,
        passages=tuple(passage.id for passage in verdict.composed.passages),
        uncalibrated=verdict.uncalibrated,
    )
    return reply, verdict.composed.sentences


def _handed_over(question: Question, reason: str) -> tuple[Reply, tuple[Sentence, ...]]:
    text = frames(understand(readable(question.question)).language).hand_over
    reply = Reply(id=question.id, decision="hand_over", text="", reason=reason)
    return reply, (Sentence(text),)


def _cost(reply: Reply, spent: Sequence[Receipt], ms: float) -> Receipt:
    tiers = {receipt.tier for receipt in spent}
    asked = "model" if "model" in tiers else "cache" if tiers else reply.tier
    return Receipt(
        purpose="answer",
        tier=asked,
        model=spent[0].model if spent else "",
        prompt_tokens=sum(receipt.prompt_tokens for receipt in spent),
        cached_tokens=sum(receipt.cached_tokens for receipt in spent),
        completion_tokens=sum(receipt.completion_tokens for receipt in spent),
        ms=ms,
        first_token_ms=spent[0].first_token_ms if spent else 0.0,
    )
