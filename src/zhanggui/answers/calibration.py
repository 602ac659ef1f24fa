"""What a shop's judged replies change: thresholds, confidences, and what is not said again."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection

from zhanggui.answers import bounds, decision
from zhanggui.answers.bounds import Limit, Outcome, Scaling
from zhanggui.answers.orders import Identities
from zhanggui.answers.understanding import understand
from zhanggui.records import Judgement, Question, ReplyTier
from zhanggui.settings import AnswerSettings
from zhanggui.store import judgements
from zhanggui.store.judgements import Rated

ENOUGH = 100
"""Judged replies from which on a matter has a threshold of its own, and a shop its own scaling."""
TELLING = 30
"""Judged replies below which a bound says so little that a reply's reason leaves it out."""
POOLED = ""
"""All matters that have no threshold of their own."""

_APART = re.compile(r"\W+")
_SHIPPED: Mapping[ReplyTier, float] = {
    # What is quoted passed `decision.is_sure`, which looks at more than one number.
    "approved": 0.0,
    "quote": 0.0,
    "model": decision.PICK_SEND,
}


@dataclass(frozen=True)
class Calibration:
    """What the judged replies of one shop prove."""

    limits: Mapping[tuple[ReplyTier, str], Limit] = field(default_factory=dict)
    scaling: Scaling = bounds.PLAIN
    refused: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Key of a question → ids of the passages that the staff rejected or edited as its answer."""

    def limit(self, tier: ReplyTier, matters: Collection[str]) -> Limit | None:
        """The strictest limit of a tier for these matters; None where nothing was judged."""
        own = [self.limits[tier, one] for one in matters if (tier, one) in self.limits]
        if own:
            return max(own, key=lambda limit: limit.threshold)
        return self.limits.get((tier, POOLED))

    def send_from(self, matters: Collection[str]) -> float:
        """The confidence from which on what the model chose is sent."""
        limit = self.limit("model", matters)
        return decision.PICK_SEND if limit is None else limit.threshold


UNJUDGED = Calibration()
"""The first day: the shipped thresholds."""


def calibrate(rated: Sequence[Rated], settings: AnswerSettings) -> Calibration:
    """Reads off what the judged replies prove at the risk that the shop accepts."""
    judged: dict[tuple[ReplyTier, str], list[Outcome]] = defaultdict(list)
    refused: dict[str, set[str]] = defaultdict(set)
    for key, one in rated:
        if one.source == "staff" and (one.verdict == "wrong" or one.instead):
            refused[key].update(one.reply.passages)
        if counts(one):
            judged[one.reply.tier, one.matter].append(outcome_of(one))
    limits: dict[tuple[ReplyTier, str], Limit] = {}
    for tier, shipped in _SHIPPED.items():
        pooled: list[Outcome] = []
        for (of_tier, matter), outcomes in judged.items():
            if of_tier != tier:
                continue
            if matter and len(outcomes) >= ENOUGH:
                limits[tier, matter] = _limit(outcomes, shipped, settings, tier)
            else:
                pooled += outcomes
        if pooled:
            limits[tier, POOLED] = _limit(pooled, shipped, settings, tier)
    every = [outcome for outcomes in judged.values() for outcome in outcomes]
    scaling = bounds.scaling(every) if len(every) >= ENOUGH else bounds.PLAIN
    return Calibration(limits, scaling, {key: frozenset(ids) for key, ids in refused.items()})


def counts(one: Judgement) -> bool:
    """Whether a judgement says how often replies of its tier are right."""
    told = one.reply.decision != "hand_over" and one.verdict != "unknown"
    return told and one.reply.tier in _SHIPPED


def outcome_of(one: Judgement) -> Outcome:
    """The confidence before calibration, and whether the reply was right."""
    raw = one.reply.uncalibrated
    return one.reply.confidence if raw is None else raw, one.verdict == "right"


def question_key(vault: Identities, question: Question) -> str:
    """Names a question with what it leans on, whatever its punctuation; says nothing about it."""
    asked = understand(question.question, question.history).text
    return vault.lookup_key(f"asked|{question.product_id}|{_APART.sub('', asked)}")


class Judged:
    """The calibration of a shop, read again when something was judged, by whichever process."""

    def __init__(self, settings: AnswerSettings) -> None:
        self._settings = settings
        self._version: object = None
        self._known = UNJUDGED

    def __call__(self, conn: Connection) -> Calibration:
        version = judgements.version(conn)
        if version != self._version:
            self._known = calibrate(judgements.every(conn), self._settings)
            self._version = version
        return self._known


def _limit(
    outcomes: Sequence[Outcome], shipped: float, settings: AnswerSettings, tier: ReplyTier
) -> Limit:
    return bounds.limit_of(
        outcomes, shipped, settings.risk, settings.confidence, strict=tier == "model"
    )
