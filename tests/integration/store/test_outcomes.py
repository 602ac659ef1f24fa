from __future__ import annotations

import pytest
from sqlalchemy.exc import IntegrityError

from zhanggui.records import Citation, Claim, Draft, Evidence, Receipt, Reply, Verdict, Violation
from zhanggui.store import drafts, model_cache, receipts, replies, vault
from zhanggui.store.database import Store
from zhanggui.store.receipts import Total
from zhanggui.store.vault import VaultValue


def draft(key: str, channel: str = "taobao", body: str = "双层真空。") -> Draft:
    claim = Claim(
        part="body",
        text="双层真空",
        start=0,
        end=4,
        status="supported",
        evidence=Evidence("结构", "双层真空"),
    )
    broken = Violation(part="title", rule="absolute", text="最好", start=0, end=2, why="绝对化用语")
    return Draft(
        id=key,
        product_id="P1",
        channel=channel,
        title="最好的杯",
        bullets=("保温12小时", "316不锈钢"),
        body=body,
        verdict=Verdict(claims=(claim,), violations=(broken,)),
        tier="model",
    )


def test_drafts_come_back_with_their_verdict(store: Store) -> None:
    with store.begin() as conn:
        drafts.put(conn, draft("a"))
        drafts.put(conn, draft("b", "shopify"))
    with store.begin() as conn:
        drafts.put(conn, draft("a", body="改过。"))
        assert drafts.get(conn, "a") == draft("a", body="改过。")
        assert drafts.get(conn, "zz") is None
        assert {each.id for each in drafts.every(conn)} == {"a", "b"}
        assert [each.id for each in drafts.every(conn, "shopify")] == ["b"]


def test_replies_are_kept_by_question(store: Store) -> None:
    first = Reply(id="q1", decision="send", text="在的。", citations=(Citation("faq.csv:3", "在"),))
    again = Reply(id="q1", decision="hand_over", text="", reason="没有依据")
    with store.begin() as conn:
        replies.put(conn, first, "hash-a")
        replies.put(conn, again, "hash-b")
        assert {each.decision for each in replies.every(conn)} == {"send", "hand_over"}
        replies.put(conn, again, "hash-a")
        assert {each.decision for each in replies.every(conn)} == {"hand_over"}


def test_receipts_are_added_up_by_tier_and_purpose(store: Store) -> None:
    model = Receipt(purpose="answer.compose", tier="model", prompt_tokens=100, ms=900.5)
    cheap = Receipt(purpose="answer.compose", tier="quote", ms=1.0)
    with store.begin() as conn:
        receipts.put(conn, [model, cheap], "run1", "q1")
        receipts.put(conn, [model], "run2", "q1")
        receipts.put(conn, [])
        assert receipts.totals(conn) == [
            Total(
                tier="model",
                purpose="answer.compose",
                calls=2,
                prompt_tokens=200,
                cached_tokens=0,
                completion_tokens=0,
                ms=1801.0,
            ),
            Total(
                tier="quote",
                purpose="answer.compose",
                calls=1,
                prompt_tokens=0,
                cached_tokens=0,
                completion_tokens=0,
                ms=1.0,
            ),
        ]
        assert [total.calls for total in receipts.totals(conn, "run2")] == [1]
        assert receipts.totals(conn, "run3") == []


def test_the_model_cache_keeps_the_last_answer(store: Store) -> None:
    with store.begin() as conn:
        assert model_cache.get(conn, "k") is None
        model_cache.put(conn, "k", "一")
        model_cache.put(conn, "k", "二")
        assert model_cache.get(conn, "k") == "二"


def value(pseudonym: str, person: str = "c1", hmac: str = "h1") -> VaultValue:
    return VaultValue(
        pseudonym=pseudonym, type="PHONE", person_id=person, value_hmac=hmac, ciphertext=b"\x00\xff"
    )


def test_the_vault_finds_values_both_ways(store: Store) -> None:
    with store.begin() as conn:
        vault.put_value(conn, value("〔手机1〕"))
        assert vault.value_of(conn, "〔手机1〕") == value("〔手机1〕")
        assert vault.value_of(conn, "〔手机2〕") is None
        assert vault.find_value(conn, "c1", "h1") == value("〔手机1〕")
        assert vault.find_value(conn, "c2", "h1") is None


@pytest.mark.parametrize("second", [value("〔手机1〕", hmac="h2"), value("〔手机2〕")])
def test_a_pseudonym_and_a_persons_value_are_unique(store: Store, second: VaultValue) -> None:
    with store.begin() as conn:
        vault.put_value(conn, value("〔手机1〕"))
    with pytest.raises(IntegrityError) as caught, store.begin() as conn:
        vault.put_value(conn, second)
    assert "SQL parameters hidden" in str(caught.value)


def test_an_erased_person_leaves_only_the_taken_pseudonym(store: Store) -> None:
    with store.begin() as conn:
        vault.put_key(conn, "c1", b"old")
        vault.put_key(conn, "c1", b"new")
        assert vault.key_of(conn, "c1") == b"new"
        vault.put_value(conn, value("〔手机1〕"))
        vault.put_value(conn, value("〔手机2〕", hmac="h2"))
        vault.put_value(conn, value("〔手机3〕", person="c2"))
        assert vault.erase_person(conn, "c1") == 2
        assert vault.key_of(conn, "c1") is None
        gone = vault.value_of(conn, "〔手机2〕")
        assert gone is not None
        assert (gone.value_hmac, gone.ciphertext) == (None, None)
        assert vault.find_value(conn, "c2", "h1") == value("〔手机3〕", person="c2")
