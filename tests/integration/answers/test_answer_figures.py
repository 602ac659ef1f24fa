"""The tables of `zhanggui evals run answers`, on one shop and small sets."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path

import pytest

from zhanggui.answers.lexicon import facets
from zhanggui.evals import answer_figures, english_routing
from zhanggui.evals.answer_baselines import faq_matcher, nearest_fact, told_to_ground
from zhanggui.evals.answer_figures import MATCHER, NEAREST, OURS, measure
from zhanggui.evals.answer_outcomes import caution, coverage, precision
from zhanggui.evals.example_shop import example_outcomes
from zhanggui.evals.retrieval_figures import (
    FUSED,
    TEXT,
    VECTORS,
    WEIGHED,
    Ranking,
    ndcg,
    of_shop,
    recall,
)
from zhanggui.evals.shops import open_shop, shop_names
from zhanggui.knowledge.embedder import UniversalSentenceEncoder
from zhanggui.llm.fake import FakeEngine


def test_ours_stands_beside_baselines_and_ablations(embedder: UniversalSentenceEncoder) -> None:
    measured = measure(["gifts"], embedder)
    ours, nearest = measured.outcomes[OURS], measured.outcomes[NEAREST]
    assert precision(ours).value > precision(nearest).value
    assert precision(nearest).whole == len(nearest)
    assert caution(nearest).part == 0
    assert coverage(measured.outcomes[MATCHER]).value < coverage(ours).value
    without = {way: found for way, found in measured.outcomes.items() if "without" in way}
    assert len(without) == 3
    for way, found in without.items():
        tiers = {one.reply.tier for one in found if one.sent and one.reply.citations}
        assert tiers
        assert not any(f" {tier} " in way for tier in tiers)
    found = measured.rankings["gifts"]
    by_way = {way: [one for one in found if one.way == way] for way in (TEXT, FUSED, WEIGHED)}
    assert recall(by_way[TEXT]) < recall(by_way[FUSED]) < recall(by_way[WEIGHED])


def test_fused_beats_text_and_does_not_lose_to_vectors(embedder: UniversalSentenceEncoder) -> None:
    found: list[Ranking] = []
    for name in shop_names():
        with open_shop(name, embedder) as shop:
            found += of_shop(shop)
    by_way = {way: [one for one in found if one.way == way] for way in (TEXT, VECTORS, FUSED)}
    assert recall(by_way[FUSED]) >= recall(by_way[TEXT]) + 0.05
    assert recall(by_way[FUSED]) >= recall(by_way[VECTORS])
    assert ndcg(by_way[FUSED]) >= ndcg(by_way[VECTORS])


def test_nearest_and_matcher_cite_what_they_send(embedder: UniversalSentenceEncoder) -> None:
    with open_shop("kitchen", embedder) as shop:
        for one in nearest_fact(shop, shop.cases[:20]):
            product = one.case.question.product_id
            cited = one.reply.citations[0].source
            assert not product or not cited.startswith("products.csv") or product in cited
        sent = [one for one in faq_matcher(shop, shop.cases) if one.sent]
        assert all(one.reply.citations[0].source.startswith("faq.csv") for one in sent)


def test_a_plain_model_that_does_not_know_hands_over(embedder: UniversalSentenceEncoder) -> None:
    with open_shop("gifts", embedder) as shop:
        cases = shop.cases[:4]
        silent = told_to_ground(shop, cases, FakeEngine(lambda request: "不知道。"))
        assert {one.reply.decision for one in silent} == {"hand_over"}
        boastful = told_to_ground(shop, cases, FakeEngine(lambda request: "999分"))
        assert [one.sent and not one.right for one in boastful] == [True] * 4


def test_ranking_figures_against_values_by_hand() -> None:
    first = Ranking("text", (True, False, False), 1)
    third = Ranking("text", (False, False, True), 1)
    never = Ranking("text", (), 2)
    assert recall([first, third, never], at=1) == pytest.approx(1 / 3)
    assert recall([first, third, never]) == pytest.approx(2 / 3)
    assert ndcg([first]) == 1.0
    assert ndcg([third]) == pytest.approx(0.5)
    assert ndcg([never]) == 0.0


def test_the_example_shop_is_judged_by_what_it_expects(embedder: UniversalSentenceEncoder) -> None:
    outcomes = example_outcomes(embedder)
    assert len(outcomes) == 40
    assert precision(outcomes).value >= 0.9
    assert caution(outcomes).value >= 0.9


def test_english_messages_go_where_they_belong(tmp_path: Path) -> None:
    assert english_routing.figures(tmp_path) == []
    file = tmp_path / english_routing.FILE
    file.parent.mkdir()
    sets = (("where is my order", "track_order"), ("do you take paypal", "complaint"))
    with gzip.open(file, "wt", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines)
        writer.writerow(["utterance", "intent"])
        # Every twentieth message is read: one of each.
        writer.writerows((f"{text} {n}", intent) for text, intent in sets for n in range(20))
    found = {one.name.partition(": ")[2]: one.value for one in english_routing.figures(tmp_path)}
    assert (found["track_order"], found["complaint"]) == (1.0, 0.0)


def test_the_routes_name_matters_that_there_are() -> None:
    named = {name for ways in english_routing.routes().routes.values() for name in ways}
    assert named - {english_routing.ORDER, english_routing.PERSON} <= facets().keys()


def test_the_model_table_asks_evenly(
    embedder: UniversalSentenceEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answer_figures, "UniversalSentenceEncoder", lambda threads: embedder)
    done: list[int] = []
    engine = FakeEngine(lambda request: "0" if request.json_schema else "不知道")
    names = len(shop_names())
    figures = answer_figures.model_figures(engine, names, on_done=done.append)
    assert done == list(range(1, names + 1))
    named = {one.name.partition(",")[0] for one in figures}
    assert {"precision of sent", "coverage", "unanswerable handed over", "p95"} <= named
