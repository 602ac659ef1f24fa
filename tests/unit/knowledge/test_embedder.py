from __future__ import annotations

import numpy as np
import pytest

from zhanggui.knowledge.embedder import Embedder, FakeEmbedder, UniversalSentenceEncoder, unit


@pytest.fixture(scope="module", params=["fake", "use"])
def embedder(request: pytest.FixtureRequest) -> Embedder:
    return FakeEmbedder() if request.param == "fake" else UniversalSentenceEncoder(threads=1)


def test_rows_are_unit_vectors_of_one_width(embedder: Embedder) -> None:
    vectors = embedder.encode(["能机洗吗", "Can it be washed?", "", "？"])
    assert vectors.dtype == np.float32
    assert vectors.shape == (4, vectors.shape[1])
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(4), abs=1e-4)


def test_no_texts_give_no_rows(embedder: Embedder) -> None:
    width = embedder.encode(["杯子"]).shape[1]
    assert embedder.encode([]).shape == (0, width)


def test_the_same_text_has_the_same_vector(embedder: Embedder) -> None:
    alone = embedder.encode(["退货运费谁承担"])
    among = embedder.encode(["多重", "退货运费谁承担"])
    assert alone[0] == pytest.approx(among[1], abs=1e-4)


def test_texts_that_are_shared_out_keep_their_order() -> None:
    texts = [f"满{number}元包邮" for number in range(300)]
    alone = UniversalSentenceEncoder(threads=1).encode(texts)
    shared = UniversalSentenceEncoder(threads=2).encode(texts)
    assert shared == pytest.approx(alone, abs=1e-4)


def test_a_text_is_nearer_to_its_like(embedder: Embedder) -> None:
    question, like, other = embedder.encode(["退货运费谁承担", "退货运费由买家承担", "颜色：雾白"])
    assert question @ like > question @ other


def test_a_zero_row_stays_zero() -> None:
    assert not unit(np.zeros((1, 3), dtype=np.float32)).any()
