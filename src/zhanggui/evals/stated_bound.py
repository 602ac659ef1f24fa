"""Whether the bound that judged replies state holds where nothing was judged: one shop left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from zhanggui.answers.calibration import Calibration, calibrate
from zhanggui.evals.answer_outcomes import Outcome, Share
from zhanggui.evals.figures import Figure
from zhanggui.records import Judged, Judgement
from zhanggui.settings import AnswerSettings
from zhanggui.store.judgements import Rated


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What is sent on one shop at the thresholds that the judged replies of the others give."""

    shop: str
    wrong: Share
    """Of what is sent."""
    stated: float
    """The bound stated for it, each tier's weighed by what it sends."""


def left_out(outcomes: Sequence[Outcome], settings: AnswerSettings) -> Iterator[LeftOut]:
    """Each shop by the others; those of which nothing is sent under a bound are left out, and so
    is the rule tier, which needs none."""
    for shop in dict.fromkeys(one.case.shop for one in outcomes):
        others = [_judged(one) for one in outcomes if one.case.shop != shop]
        here = [one for one in outcomes if one.case.shop == shop]
        sent = list(_sent(here, calibrate(others, settings)))
        if sent:
            wrong = Share(sum(not right for right, _ in sent), len(sent))
            yield LeftOut(shop, wrong, sum(bound for _, bound in sent) / len(sent))


def bound_figures(outcomes: Sequence[Outcome], group: str) -> Iterator[Figure]:
    """Wrong ones among what is sent, against the bound; nothing where there is only one shop."""
    found = list(left_out(outcomes, AnswerSettings()))
    wrong = Share(sum(one.wrong.part for one in found), sum(one.wrong.whole for one in found))
    if not wrong.whole:
        return
    stated = sum(one.stated * one.wrong.whole for one in found) / wrong.whole
    kept = sum(one.wrong.value <= one.stated for one in found)
    told = f"n={wrong.part}/{wrong.whole} sent; kept on {kept} of {len(found)} shops"
    name = f"wrong among sent, thresholds and bound from the other shops: {group}"
    yield Figure(name, wrong.value, f"<= {stated:.3f} (as stated)", wrong.value <= stated, told)


def _sent(outcomes: Sequence[Outcome], known: Calibration) -> Iterator[tuple[bool, float]]:
    """Whether each reply that is still sent is right, and the bound stated for its tier."""
    for one in outcomes:
        limit = known.limit(one.reply.tier, ())
        if one.sent and limit is not None and one.reply.confidence >= limit.threshold:
            yield one.right, limit.bound


def _judged(one: Outcome) -> Rated:
    question = one.case.question
    verdict: Judged = "right" if one.right else "wrong"
    judgement = Judgement(
        id=question.id, question=question, reply=one.reply, verdict=verdict, source="replay"
    )
    return question.id, judgement
