"""Answers on the made-up shops: what is sent, how right it is, and what else could have sent it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import get_args

from zhanggui.answers.bounds import BINS, calibration_error
from zhanggui.evals import english_routing, retrieval_figures
from zhanggui.evals.answer_baselines import (
    faq_matcher,
    nearest_fact,
    picked_fact,
    told_to_ground,
)
from zhanggui.evals.answer_outcomes import (
    SIBLING,
    STRANGER,
    UNLICENSED,
    Outcome,
    asked,
    caution,
    coverage,
    faults,
    percentile,
    precision,
)
from zhanggui.evals.example_shop import NAME as EXAMPLE
from zhanggui.evals.example_shop import example_outcomes
from zhanggui.evals.figures import Figure
from zhanggui.evals.retrieval_figures import Ranking
from zhanggui.evals.shops import LEARNED_ON, Case, Source, cases_of, open_shop, shop_names
from zhanggui.evals.stated_bound import bound_figures
from zhanggui.knowledge.embedder import Embedder, UniversalSentenceEncoder
from zhanggui.llm.engine import Engine

OURS = "ours, no model"
WITH_MODEL = "ours, with the model"
NEAREST = "nearest fact, always sent"
MATCHER = "BM25 FAQ matcher"
PICKED = "the model picks one of five or none"
GROUNDED = "BM25 passages, the model told to use only them"
ALL, UNSEEN = "all shops", "shops that the weights never saw"
_PRECISION, _COVERAGE, _CAUTION = (0.90, 0.95), (0.50, 0.60), (0.90, 0.95)
_CALIBRATION = 0.05
_FAST, _FIRST, _SLOWEST = 100.0, 3500.0, 7000.0
_THREADS = 1
"""An encoder with as many threads as cores waits for whatever else the machine is doing."""
_BY_MATCH = "right where it says a number or a third of the words of what answers"


@dataclass(slots=True)
class Measured:
    """What all ways together did on some shops; the keys are the ways."""

    outcomes: dict[str, list[Outcome]] = field(default_factory=dict)
    faults: list[tuple[str, Outcome]] = field(default_factory=list)
    rankings: dict[str, list[Ranking]] = field(default_factory=dict)
    """By shop."""

    def add(self, way: str, found: Sequence[Outcome]) -> None:
        """More outcomes of one way."""
        self.outcomes.setdefault(way, []).extend(found)

    def of(self, way: str, shops: Sequence[str]) -> list[Outcome]:
        """The outcomes of one way on `shops`."""
        return [one for one in self.outcomes.get(way, ()) if one.case.shop in shops]


def figures(data: Path) -> list[Figure]:
    """Every table that needs no model."""
    embedder = UniversalSentenceEncoder(_THREADS)
    names = shop_names()
    measured = measure(names, embedder)
    groups = _groups(names)
    found = _judged(example_outcomes(embedder), EXAMPLE, OURS)
    for name in names:
        found += _judged(measured.of(OURS, [name]), name, OURS)
    for group, shops in groups.items():
        found += _judged(measured.of(OURS, shops), group, OURS)
        found += _faults(measured.faults, shops, group)
        found += _tiers(measured.of(OURS, shops), group)
        for way in measured.outcomes:
            if way != OURS:
                found += _compared(measured.of(way, shops), group, way)
        found.append(_calibration(measured.of(OURS, shops), group))
        found += bound_figures(measured.of(OURS, shops), group)
        rankings = [one for name in shops for one in measured.rankings[name]]
        note = "what customers say, not what the data say; any passage that answers counts"
        found += retrieval_figures.figures_of(rankings, group, note, goal=True)
    found += _speed(measured.outcomes[OURS])
    found += retrieval_figures.public_figures(data, embedder)
    found += english_routing.figures(data)
    return found


def measure(names: Sequence[str], embedder: Embedder) -> Measured:
    """The pipeline without a model, its ablations, the baselines and the rankings."""
    measured = Measured()
    for name in names:
        with open_shop(name, embedder) as shop:
            answerer = shop.answerer()
            # What is read once for all is not a question's time.
            answerer.answer(shop.cases[0].question)
            ours = asked(answerer, shop.cases)
            measured.add(OURS, ours)
            measured.faults += faults(shop, ours)
            measured.add(NEAREST, nearest_fact(shop, shop.cases))
            measured.add(MATCHER, faq_matcher(shop, shop.cases))
            measured.rankings[name] = retrieval_figures.of_shop(shop)
        for tier in get_args(Source):
            with open_shop(name, embedder, without=tier) as shop:
                measured.add(f"without the {tier} tier", asked(shop.answerer(), shop.cases))
    return measured


def model_figures(
    engine: Engine, questions: int, *, on_done: Callable[[int], None] = lambda _: None
) -> list[Figure]:
    """The pipeline with the model beside what else a model could do, on `questions` of all
    questions, taken evenly; `on_done` gets how many the pipeline has answered."""
    embedder = UniversalSentenceEncoder(_THREADS)
    measured, done = Measured(), 0
    for name, cases in _evenly(questions).items():
        with open_shop(name, embedder) as shop:
            # All of ours first: another prompt in between would empty the model's prefix cache.
            answerer = shop.answerer(engine)
            for case in cases:
                measured.add(WITH_MODEL, asked(answerer, [case]))
                done += 1
                on_done(done)
            measured.faults += faults(shop, measured.of(WITH_MODEL, [name]))
            measured.add(OURS, asked(shop.answerer(), cases))
            measured.add(NEAREST, nearest_fact(shop, cases))
            measured.add(MATCHER, faq_matcher(shop, cases))
            measured.add(PICKED, picked_fact(shop, cases, engine))
            measured.add(GROUNDED, told_to_ground(shop, cases, engine))
    shops = shop_names()
    group = f"{done} questions of all shops"
    with_model = measured.of(WITH_MODEL, shops)
    found = _judged(with_model, group, WITH_MODEL)
    found += _faults(measured.faults, shops, group)
    found += _tiers(with_model, group)
    for way in (OURS, NEAREST, MATCHER, PICKED, GROUNDED):
        found += _compared(measured.of(way, shops), group, way)
    found.append(_calibration(with_model, group))
    found += bound_figures(with_model, group)
    found += _model_speed([one.reply.ms for one in with_model if one.reply.tier == "model"])
    return found


def _evenly(questions: int) -> dict[str, list[Case]]:
    """So many of all questions, at even distances, by shop."""
    every = [case for name in shop_names() for case in cases_of(name)]
    wanted = min(questions, len(every))
    chosen: dict[str, list[Case]] = {}
    for number in range(wanted):
        case = every[number * len(every) // wanted]
        chosen.setdefault(case.shop, []).append(case)
    return chosen


def _groups(names: Sequence[str]) -> dict[str, Sequence[str]]:
    unseen = [name for name in names if name not in LEARNED_ON]
    return {ALL: names, UNSEEN: unseen} if unseen else {ALL: names}


def _judged(outcomes: Sequence[Outcome], group: str, way: str) -> list[Figure]:
    """The three figures that are promised."""
    note = "weights learned on it" if group in LEARNED_ON else ""
    found = []
    for title, measure_of, (least, goal), of in (
        ("precision of sent", precision, _PRECISION, "sent"),
        ("coverage", coverage, _COVERAGE, "answerable"),
        ("unanswerable handed over", caution, _CAUTION, "unanswerable"),
    ):
        share = measure_of(outcomes)
        told = f"n={share.part}/{share.whole} {of}" + (f"; {note}" if note else "")
        met = share.value >= least if share.whole else None
        name = f"{title}, {way}: {group}"
        found.append(Figure(name, share.value, f">= {least} ({goal})", met, told))
    return found


def _compared(outcomes: Sequence[Outcome], group: str, way: str) -> list[Figure]:
    """The same three of another way, which has no goal."""
    note = f"; {_BY_MATCH}" if way == GROUNDED else ""
    return [
        replace(one, goal="", met=None, note=one.note + note)
        for one in _judged(outcomes, group, way)
    ]


def _tiers(outcomes: Sequence[Outcome], group: str) -> Iterator[Figure]:
    for tier in ("rule", "approved", "quote", "model"):
        share = precision([one for one in outcomes if one.reply.tier == tier])
        if share.whole:
            told = f"n={share.part}/{share.whole} sent by this tier"
            yield Figure(f"precision of the {tier} tier: {group}", share.value, "", None, told)


def _faults(
    found: Sequence[tuple[str, Outcome]], shops: Sequence[str], group: str
) -> Iterator[Figure]:
    for kind in (SIBLING, STRANGER, UNLICENSED):
        held = [one for name, one in found if name == kind and one.case.shop in shops]
        told = "sent or suggested" + "".join(f"; {one.case.question.id}" for one in held)
        yield Figure(f"replies with {kind}: {group}", len(held), "0", not held, told, "replies")


def _calibration(outcomes: Sequence[Outcome], group: str) -> Figure:
    shown = [one for one in outcomes if one.reply.decision != "hand_over"]
    error = calibration_error([(one.reply.confidence, one.right) for one in shown])
    told = f"n={len(shown)} sent or suggested, {BINS} bins of equal mass"
    name = f"calibration error: {group}"
    return Figure(name, error, f"<= {_CALIBRATION}", error <= _CALIBRATION, told)


def _speed(outcomes: Sequence[Outcome]) -> Iterator[Figure]:
    """How long a reply of each tier takes on this machine."""
    ways: Mapping[str, list[float]] = {
        tier: [
            one.reply.ms
            for one in outcomes
            if one.reply.tier == tier and one.reply.decision != "hand_over"
        ]
        for tier in ("rule", "approved", "quote")
    }
    for tier, times in ways.items():
        told = f"n={len(times)}, one at a time, this machine"
        late = percentile(times, 0.95)
        yield Figure(f"p50, {tier} tier", percentile(times, 0.5), "", None, told, "ms")
        yield Figure(f"p95, {tier} tier", late, f"< {_FAST:.0f}", late < _FAST, told, "ms")


def _model_speed(times: Sequence[float]) -> list[Figure]:
    """From the question to the whole reply, which is one quote and so its first sentence too."""
    middle, late = percentile(times, 0.5), percentile(times, 0.95)
    told = f"n={len(times)} questions that the model looked at, one at a time, this machine"
    return [
        Figure("p50, model tier", middle, f"<= {_FIRST:,.0f}", middle <= _FIRST, told, "ms"),
        Figure("p95, model tier", late, f"<= {_SLOWEST:,.0f}", late <= _SLOWEST, told, "ms"),
    ]
