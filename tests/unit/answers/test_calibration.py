from __future__ import annotations

from plain_vault import PlainVault

from zhanggui.answers import decision
from zhanggui.answers.bounds import NEVER, PLAIN
from zhanggui.answers.calibration import ENOUGH, calibrate, question_key
from zhanggui.records import Judged, JudgedBy, Judgement, Message, Question, Reply, ReplyTier
from zhanggui.settings import AnswerSettings
from zhanggui.store.judgements import Rated

ACCEPTED = AnswerSettings()


def rated(
    count: int,
    verdict: Judged = "right",
    *,
    tier: ReplyTier = "model",
    matter: str = "weight",
    score: float = 0.9,
    source: JudgedBy = "replay",
    instead: str = "",
) -> list[Rated]:
    reply = Reply(id="1", decision="send", text="…", confidence=score, tier=tier, passages=("p1",))
    one = Judgement(
        id="1",
        question=Question(id="1", question="多重"),
        reply=reply,
        verdict=verdict,
        source=source,
        matter=matter,
        instead=instead,
    )
    return [("key", one)] * count


def test_without_judgements_the_shipped_thresholds_hold() -> None:
    known = calibrate([], ACCEPTED)
    assert known.limit("model", ("weight",)) is None
    assert known.send_from(("weight",)) == decision.PICK_SEND
    assert known.scaling is PLAIN


def test_matters_are_pooled_until_one_has_a_hundred() -> None:
    bad = rated(ENOUGH - 1, "wrong", matter="size")
    pooled = calibrate([*rated(300), *bad], ACCEPTED)
    assert ("model", "weight") in pooled.limits
    assert ("model", "size") not in pooled.limits
    assert pooled.send_from(("weight",)) == 0.5
    assert pooled.send_from(("size",)) == NEVER
    own = calibrate([*rated(300), *bad, *bad[:1]], ACCEPTED)
    assert own.send_from(("size",)) == NEVER
    # A question on both is sent only where both allow it.
    assert own.send_from(("weight", "size")) == NEVER


def test_what_is_quoted_is_stopped_only_when_it_is_shown_to_be_bad() -> None:
    some = calibrate([*rated(70, tier="quote"), *rated(3, "wrong", tier="quote")], ACCEPTED)
    limit = some.limit("quote", ())
    assert limit is not None
    assert (limit.threshold, limit.proved) == (0.0, False)
    many = calibrate([*rated(70, tier="quote"), *rated(30, "wrong", tier="quote")], ACCEPTED)
    stopped = many.limit("quote", ("weight",))
    assert stopped is not None
    assert stopped.threshold == NEVER


def test_the_risk_that_is_accepted_decides() -> None:
    judged = rated(35)
    assert calibrate(judged, AnswerSettings(risk=0.1)).send_from(()) == 0.5
    assert calibrate(judged, ACCEPTED).send_from(()) == decision.PICK_SEND


def test_handovers_and_unclear_judgements_prove_nothing() -> None:
    assert not calibrate(rated(200, "unknown"), ACCEPTED).limits


def test_only_people_stop_a_passage() -> None:
    assert not calibrate(rated(1, "wrong"), ACCEPTED).refused
    assert calibrate(rated(1, "wrong", source="staff"), ACCEPTED).refused == {
        "key": frozenset({"p1"})
    }
    edited = rated(1, "unknown", source="staff", instead="198克")
    assert calibrate(edited, ACCEPTED).refused == {"key": frozenset({"p1"})}
    assert not calibrate(rated(1, source="staff"), ACCEPTED).refused


def test_a_question_is_the_same_whatever_its_punctuation() -> None:
    vault = PlainVault()

    def key(text: str, product: str = "P1", *before: str) -> str:
        history = tuple(Message("customer", turn) for turn in before)
        return question_key(
            vault, Question(id="1", question=text, product_id=product, history=history)
        )

    assert key("多重？") == key(" 多重 ")
    assert key("多重") != key("多重", "P2")
    assert key("那500的呢", "P1", "多重") != key("那500的呢")
