from __future__ import annotations

from zhanggui.knowledge.embedder import FakeEmbedder
from zhanggui.knowledge.search import Hit, search
from zhanggui.store.database import Store


def find(shop: Store, query: str, **options: object) -> list[Hit]:
    given = {"product_id": None, "limit": 10, **options}
    with shop.begin() as conn:
        return search(conn, FakeEmbedder(), query, **given)  # type: ignore[arg-type]


def test_the_nearest_comes_first(shop: Store) -> None:
    hits = find(shop, "材质")
    assert hits[0].passage.source == "products.csv:A/材质"
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_a_sibling_product_never_answers(shop: Store) -> None:
    found = {hit.passage.source for hit in find(shop, "净重多少", product_id="A")}
    assert "products.csv:A/净重" in found
    assert "faq.csv:2" in found
    assert "products.csv:B/净重" not in found


def test_an_unknown_product_sees_what_holds_for_the_whole_shop(shop: Store) -> None:
    found = {hit.passage.source for hit in find(shop, "净重多少", product_id="")}
    assert found == {"faq.csv:2"}


def test_further_words_find_what_the_question_does_not_say(shop: Store) -> None:
    (before,) = [h for h in find(shop, "多沉", product_id="B") if h.passage.source.endswith("净重")]
    (after,) = [
        hit
        for hit in find(shop, "多沉", product_id="B", also=["净重"])
        if hit.passage.source.endswith("净重")
    ]
    assert before.text == 0.0
    assert after.text > 0.0


def test_the_limit_is_kept_and_an_empty_query_is_no_error(shop: Store) -> None:
    assert len(find(shop, "净重 材质", limit=2)) == 2
    assert len(find(shop, "", limit=2)) <= 2
