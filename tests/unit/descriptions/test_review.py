from __future__ import annotations

from dataclasses import replace

import pytest
from iron_pot import POT

from zhanggui.descriptions.channel import load_channel
from zhanggui.descriptions.describe import describe
from zhanggui.descriptions.review import basis, edited, leaning, review, rules_version, told
from zhanggui.errors import InputError
from zhanggui.records import Claim, ClaimStatus, Draft, Product, Reason

GENERIC = load_channel("generic")


def with_attributes(**changed: str | None) -> Product:
    attributes = {**POT.attributes, **changed}
    kept = {name: value for name, value in attributes.items() if value is not None}
    return replace(POT, attributes=kept)


@pytest.fixture(scope="module")
def draft() -> Draft:
    return describe(POT, GENERIC, None)


def reasons(draft: Draft, product: Product | None) -> list[tuple[str, str, str, str]]:
    seen = review(draft, product, same_facts=False)
    return [(one.kind, one.attribute, one.before, one.after) for one in seen.reasons]


def test_the_same_facts_leave_it_as_it_is(draft: Draft) -> None:
    seen = review(draft, POT, same_facts=True)
    assert (seen.state, seen.publishable, seen.reasons) == ("draft", True, ())
    assert seen.verdict.publishable


@pytest.mark.parametrize("channel", ["generic", "shopify"])
def test_attributes_that_disagree_are_left_out_and_named(channel: str) -> None:
    both = with_attributes(容积="6L")
    draft = describe(both, load_channel(channel), None)
    assert draft.state == "needs_review"
    assert draft.verdict.publishable
    assert not any(word in str(draft.copy) for word in ("4.5", "6L", "6 L"))
    (reason,) = (one for one in review(draft, both, same_facts=True).reasons)
    assert reason.kind == "conflict"
    said = told(reason, draft.body)
    assert "4.5L" in said
    assert "6L" in said


def test_a_title_that_disagrees_loses_its_number() -> None:
    product = replace(POT, title="炉语 铸铁炖锅 6L")
    draft = describe(product, GENERIC, None)
    assert "6L" not in draft.title
    assert draft.state == "needs_review"
    assert [one.kind for one in review(draft, product, same_facts=True).reasons] == ["conflict"]
    assert "标题" in told(review(draft, product, same_facts=True).reasons[0], draft.body)


def test_a_fact_that_changed_is_named_with_both_values(draft: Draft) -> None:
    changed = with_attributes(容量="6L", 颜色=None)
    assert reasons(draft, changed) == [
        ("fact", "容量", "4.5L", "6L"),
        ("fact", "颜色", "墨绿", ""),
    ]
    assert not review(draft, changed, same_facts=False).publishable


def test_a_fact_that_is_only_written_otherwise_still_holds(draft: Draft) -> None:
    seen = review(draft, with_attributes(容量="4500毫升", 质保="24个月"), same_facts=False)
    assert (seen.state, seen.reasons) == ("draft", ())
    values = {one.evidence.value for one in seen.verdict.claims if one.evidence}
    assert {"4500毫升", "24个月"} <= values


def test_a_new_attribute_may_contradict_what_was_said_before(draft: Draft) -> None:
    boastful = replace(draft, body=f"{draft.body}电磁炉也能用。")
    seen = review(boastful, with_attributes(适用炉灶="燃气灶"), same_facts=False)
    assert not seen.publishable


def test_without_its_product_nothing_is_proved(draft: Draft) -> None:
    seen = review(draft, None, same_facts=False)
    assert (seen.state, seen.publishable) == ("needs_review", False)
    assert [one.kind for one in seen.reasons] == ["gone"]


def test_limits_of_the_channel_are_reasons_but_a_person_may_let_it_out(draft: Draft) -> None:
    short = replace(draft, bullets=(), body=draft.body * 15)
    seen = review(short, POT, same_facts=False)
    assert [(one.kind, one.text) for one in seen.reasons] == [
        ("lacking", "bullets"),
        ("overlong", "body"),
    ]
    assert (seen.state, seen.publishable) == ("needs_review", True)


def test_what_the_model_decided_counts_while_the_words_and_facts_are_the_same(
    draft: Draft,
) -> None:
    words = replace(draft, body=f"{draft.body}送一把木铲。")
    plain = review(words, POT, same_facts=False).verdict
    (doubt,) = [one for one in plain.claims if one.status == "unsupported"]

    def decided(status: ClaimStatus) -> Draft:
        claims = tuple(replace(one, status=status) if one == doubt else one for one in plain.claims)
        return replace(words, verdict=replace(plain, claims=claims))

    taste, proved = decided("opinion"), decided("supported")
    assert not review(decided("unsupported"), POT, same_facts=True).publishable
    assert review(taste, POT, same_facts=True).publishable
    assert review(taste, POT, same_facts=False).publishable, "taste does not change with facts"
    assert review(proved, POT, same_facts=True).publishable
    assert not review(proved, POT, same_facts=False).publishable
    moved = replace(proved, body=f"慢慢炖。{proved.body}")
    assert not review(moved, POT, same_facts=True).publishable


def test_the_basis_is_all_that_a_text_may_lean_on() -> None:
    assert basis(POT) == basis(replace(POT, stock=3, extra={"运费模板": "7"}))
    others = [
        with_attributes(容量="6L"),
        with_attributes(容量=None),
        replace(POT, title="炖锅"),
        replace(POT, category="家居"),
        replace(POT, brand="别家"),
        None,
    ]
    assert len({basis(POT), *map(basis, others)}) == len(others) + 1
    assert rules_version().count("+") == 1


def test_what_leans_on_an_attribute(draft: Draft) -> None:
    spans: tuple[Claim, ...] = leaning(draft, "容量")
    assert {one.text for one in spans} == {"4.5L"}
    assert leaning(draft, "保修") == ()


@pytest.mark.parametrize(
    ("reason", "zh", "en"),
    [
        (
            Reason(kind="fact", text="500ml", attribute="容量", before="500ml", after="600ml"),
            "资料变了：容量 500ml → 600ml（文案写的是“500ml”）",
            "the data changed: 容量 500ml → 600ml (the text says “500ml”)",
        ),
        (
            Reason(kind="fact", text="墨绿", attribute="颜色", before="墨绿"),
            "资料变了：颜色 墨绿 → （已删除）（文案写的是“墨绿”）",
            "the data changed: 颜色 墨绿 → (removed) (the text says “墨绿”)",
        ),
        (
            Reason(kind="overlong", text="title,bullets.1"),
            "超出渠道限制：标题、卖点 2",
            "longer than the channel allows: title, bullets 2",
        ),
        (Reason(kind="said", text="语气不对 {x}"), "语气不对 {x}", "语气不对 {x}"),
    ],
)
def test_reasons_are_told_in_the_language_of_the_text(reason: Reason, zh: str, en: str) -> None:
    assert told(reason, "一口好锅") == zh
    assert told(reason, "A good pot") == en


def test_an_edit_changes_the_parts_it_names(draft: Draft) -> None:
    new = edited(draft.copy, {"title": " 新标题 ", "bullets": ["一", " ", "二"]})
    assert (new.title, new.bullets, new.body) == ("新标题", ("一", "二"), draft.body)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["一"], "JSON object"),
        ({"标题": "一"}, "no part '标题'"),
        ({"bullets": "一"}, "'bullets' of a draft is a list"),
        ({"title": None}, "'title' of a draft is a text"),
        ({}, "nothing was changed"),
    ],
)
def test_what_is_no_edit_is_refused_in_one_sentence(draft: Draft, given: object, said: str) -> None:
    with pytest.raises(InputError, match=said):
        edited(draft.copy, given)
