from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from zhanggui.records import Passage
from zhanggui.store import passages
from zhanggui.store.changes import Changes
from zhanggui.store.database import Store
from zhanggui.text.segment import index_tokens, query_tokens

POLICIES = [
    "签收后7天内可以无理由退货，运费由买家承担。",
    "质量问题退货，来回运费由本店承担。",
    "现货订单在48小时内发货，偏远地区除外。",
    "支持开具电子发票，在订单页面申请。",
    "本店默认发中通快递，不支持指定快递。",
]
CUP = ["容量：500ml", "材质：316不锈钢", "保温时长：12小时"]
LAMP = ["功率：3.5W", "色温：4000K", "屏幕比例：16:9"]


def passage(key: str, words: str, **given: str | None) -> Passage:
    return Passage(id=key, source=f"policy.md#{key}", text=words, kind="policy", **given)  # type: ignore[arg-type]


@pytest.fixture
def shop(store: Store) -> Store:
    with store.begin() as conn:
        rows = [passage(f"policy{n}", words) for n, words in enumerate(POLICIES)]
        passages.replace_source(conn, "policy.md", rows)
        for product, facts in (("cup", CUP), ("lamp", LAMP)):
            rows = [
                passage(f"{product}{n}", words, product_id=product) for n, words in enumerate(facts)
            ]
            passages.replace_source(conn, f"products.csv#{product}", rows)
    return store


def found(store: Store, question: str, product_id: str | None = None, limit: int = 10) -> list[str]:
    with store.read() as conn:
        hits = passages.search_text(
            conn, query_tokens(question), product_id=product_id, limit=limit
        )
    scores = [score for _, score in hits]
    assert scores == sorted(scores, reverse=True)
    return [key for key, _ in hits]


def test_a_question_finds_its_passage_first(shop: Store) -> None:
    assert found(shop, "退货的运费谁承担")[0] in ("policy0", "policy1")
    assert found(shop, "电子发票怎么申请")[0] == "policy3"
    assert found(shop, "保温多久")[0] == "cup2"


def test_two_character_words_are_found(shop: Store) -> None:
    assert found(shop, "发票") == ["policy3"]


def test_numbers_with_units_are_found(shop: Store) -> None:
    assert found(shop, "500ml") == ["cup0"]
    assert found(shop, "3.5w") == ["lamp0"]


def test_a_product_filter_keeps_shop_wide_passages(shop: Store) -> None:
    assert set(found(shop, "发货 容量 功率", "cup")) == {"policy2", "cup0"}
    assert set(found(shop, "发货 容量 功率")) == {"policy2", "cup0", "lamp0"}
    assert set(found(shop, "发货 容量", "unknown")) == {"policy2"}


def test_the_limit_and_an_empty_query(shop: Store) -> None:
    assert len(found(shop, "退货 运费 发货 发票 快递", limit=2)) == 2
    assert found(shop, "") == []
    assert found(shop, "！？…") == []


def test_a_query_is_never_syntax(shop: Store) -> None:
    hostile = [
        '"',
        "*",
        "NEAR(a b)",
        "发票 AND",
        "tokens:x",
        "-退货",
        "'; DROP TABLE x",
        "a\\",
        "^发票",
    ]
    for words in hostile:
        with shop.read() as conn:
            passages.search_text(conn, [words], product_id=None, limit=3)
    with shop.read() as conn:
        assert (
            passages.search_text(conn, ["发票", '"'], product_id=None, limit=3)[0][0] == "policy3"
        )


def test_both_databases_score_alike(tmp_path: Path, postgres_url: str) -> None:
    scored = []
    for url in (f"sqlite:///{tmp_path / 'a.sqlite'}", postgres_url):
        with Store.open(url) as store, store.begin() as conn:
            rows = [passage(f"p{n}", words * (n % 3 + 1)) for n, words in enumerate(POLICIES * 4)]
            passages.replace_source(conn, "policy.md", rows)
            tokens = query_tokens("质量问题退货运费谁出，发票在哪里申请")
            scored.append(dict(passages.search_text(conn, tokens, product_id=None, limit=50)))
    sqlite, postgres = scored
    assert len(sqlite) > 8
    assert sqlite == pytest.approx(postgres)


def test_a_changed_passage_is_found_by_its_new_words_only(shop: Store) -> None:
    with shop.begin() as conn:
        changed = [passage("policy3", "本店提供纸质收据。")]
        assert passages.replace_source(conn, "policy.md", changed) == Changes(changed=1, removed=4)
    assert found(shop, "发票") == []
    assert found(shop, "收据") == ["policy3"]
    assert found(shop, "容量") == ["cup0"]


def test_the_same_source_again_changes_nothing(shop: Store) -> None:
    rows = [passage(f"policy{n}", words) for n, words in enumerate(POLICIES)]
    with shop.begin() as conn:
        assert passages.replace_source(conn, "policy.md", rows) == Changes(same=5)
        assert passages.sources(conn) == {
            "policy.md": 5,
            "products.csv#cup": 3,
            "products.csv#lamp": 3,
        }


def test_a_passage_may_move_to_another_source(shop: Store) -> None:
    with shop.begin() as conn:
        passages.replace_source(conn, "faq.csv", [passage("policy3", POLICIES[3])])
        assert passages.sources(conn)["policy.md"] == 4
    assert found(shop, "发票") == ["policy3"]


def test_heading_and_question_are_searched_too(store: Store) -> None:
    row = Passage(
        id="f1",
        source="faq.csv:1",
        text="可以的。",
        kind="faq",
        heading="售后",
        question="能退货吗",
    )
    with store.begin() as conn:
        passages.replace_source(conn, "faq.csv", [row])
    assert found(store, "退货") == found(store, "售后") == ["f1"]


def test_passages_come_back_by_id_and_by_product(shop: Store) -> None:
    with shop.read() as conn:
        assert [each.id for each in passages.get(conn, ["cup1", "gone", "policy0"])] == [
            "cup1",
            "policy0",
        ]
        assert len(passages.every(conn)) == 11
        assert [each.id for each in passages.every(conn, "lamp")][-3:] == [
            "lamp0",
            "lamp1",
            "lamp2",
        ]
        assert len(passages.every(conn, "lamp")) == 8


def put(store: Store, vectors: dict[str, list[float]]) -> None:
    with store.begin() as conn:
        rows = np.array(list(vectors.values()), dtype=np.float32)
        passages.put_vectors(conn, list(vectors), rows)


def near(
    store: Store, vector: list[float], product_id: str | None = None, limit: int = 10
) -> list[tuple[str, float]]:
    with store.read() as conn:
        query = np.array(vector, dtype=np.float32)
        return passages.search_vectors(conn, query, product_id=product_id, limit=limit)


def test_vectors_are_ranked_by_cosine(shop: Store) -> None:
    put(shop, {"policy0": [3, 0, 0], "policy1": [1, 1, 0], "cup0": [0, 0, 2], "lamp0": [-1, 0, 0]})
    assert near(shop, [2, 0, 0]) == [
        ("policy0", pytest.approx(1.0)),
        ("policy1", pytest.approx(2**-0.5)),
        ("cup0", pytest.approx(0.0)),
        ("lamp0", pytest.approx(-1.0)),
    ]
    assert [key for key, _ in near(shop, [2, 0, 0], limit=2)] == ["policy0", "policy1"]


def test_vectors_are_filtered_by_product(shop: Store) -> None:
    put(shop, {"policy0": [1, 0], "cup0": [1, 1], "cup1": [0, 1], "lamp0": [1, 0.5]})
    assert [key for key, _ in near(shop, [1, 0], "cup")] == ["policy0", "cup0", "cup1"]
    assert [key for key, _ in near(shop, [1, 0], "unknown")] == ["policy0"]


def test_vectors_of_another_dimension_and_of_zeros_do_no_harm(shop: Store) -> None:
    put(shop, {"policy0": [1, 0], "policy1": [0, 0]})
    put(shop, {"cup0": [1, 0, 0]})
    assert near(shop, [1, 0]) == [("policy0", pytest.approx(1.0)), ("policy1", 0.0)]
    assert near(shop, [0, 0, 0]) == [("cup0", 0.0)]
    assert near(shop, [1, 0, 0, 0]) == []


def test_new_and_changed_passages_wait_for_their_vector(shop: Store) -> None:
    with shop.read() as conn:
        waiting = [each.id for each in passages.without_vector(conn)]
        assert len(waiting) == 11
        assert [each.id for each in passages.without_vector(conn, 2)] == waiting[:2]
    put(shop, {key: [1, 0] for key in waiting})
    with shop.begin() as conn:
        rows = [passage(f"cup{n}", words, product_id="cup") for n, words in enumerate(CUP)]
        rows[1] = passage("cup1", "材质：钛", product_id="cup")
        passages.replace_source(conn, "products.csv#cup", rows)
        assert [each.id for each in passages.without_vector(conn)] == ["cup1"]
    assert "cup1" not in dict(near(shop, [1, 0]))


def test_a_search_sees_what_another_store_wrote(shop: Store, store_url: str) -> None:
    put(shop, {"policy0": [1, 0]})
    assert len(near(shop, [1, 0])) == 1
    with Store.open(store_url) as other:
        put(other, {"policy1": [1, 0]})
        assert len(near(other, [1, 0])) == 2
    assert len(near(shop, [1, 0])) == 2


def test_a_rolled_back_vector_is_not_found_later(shop: Store) -> None:
    def write_and_fail() -> None:
        with shop.begin() as conn:
            passages.put_vectors(conn, ["policy0"], np.array([[1, 0]], dtype=np.float32))
            query = np.array([1, 0], dtype=np.float32)
            assert len(passages.search_vectors(conn, query, product_id=None, limit=9)) == 1
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_and_fail()
    assert near(shop, [1, 0]) == []


def test_a_search_does_not_read_the_vectors_again(tmp_path: Path) -> None:
    with Store.open(f"sqlite:///{tmp_path / 'shop.sqlite'}") as store:
        with store.begin() as conn:
            passages.replace_source(conn, "a", [passage("p", "一"), passage("q", "二")])
        put(store, {"p": [1, 0], "q": [0, 1]})
        before = near(store, [1, 0])
        with store.begin() as conn:
            # Behind the store's back: a search that reads the table would miss it.
            conn.execute(text("UPDATE passages SET vector = NULL WHERE id = 'p'"))
        assert near(store, [1, 0]) == before


def test_as_many_vectors_as_ids(shop: Store) -> None:
    with shop.begin() as conn, pytest.raises(ValueError, match="1 passages but 2 vectors"):
        passages.put_vectors(conn, ["policy0"], np.zeros((2, 3), dtype=np.float32))


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(words=st.text(st.characters(), min_size=1, max_size=30))
def test_whatever_a_passage_says_can_be_found(words: str, any_store: Store) -> None:
    tokens = index_tokens(words.encode("utf-8", "replace").decode())
    with any_store.begin() as conn:
        passages.replace_source(conn, "a", [passage("p", words), passage("q", "另一件事")])
        for token in tokens:
            hits = passages.search_text(conn, [token], product_id=None, limit=5)
            assert "p" in dict(hits) or not token.replace("\0", "").strip()


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def any_store(request: pytest.FixtureRequest) -> Iterator[Store]:
    """One store for many examples; each writes over the one before."""
    with tempfile.TemporaryDirectory() as folder:
        if request.param == "sqlite":
            url = f"sqlite:///{folder}/shop.sqlite"
        else:
            url = request.getfixturevalue("postgres_server")
        with Store.open(url) as store:
            yield store
