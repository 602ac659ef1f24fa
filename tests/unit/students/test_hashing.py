from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from zhanggui.students.hashing import FIELD_MARK, HashSpec, bucket_counts, prepare

_SPEC = HashSpec(ngrams=3, bits=14)
_TEXTS = st.lists(st.text(alphabet="很好差a1 ，\x00😀", max_size=12), min_size=1, max_size=6)


@given(_TEXTS)
def test_a_text_hashes_the_same_alone_and_in_company(texts: list[str]) -> None:
    together = bucket_counts(texts, _SPEC).toarray()
    alone = np.vstack([bucket_counts([text], _SPEC).toarray() for text in texts])
    assert np.array_equal(together, alone)


@given(st.text(max_size=30))
def test_every_ngram_is_counted_once(text: str) -> None:
    length = len(prepare(text))
    expected = sum(max(0, length - size + 1) for size in (1, 2, 3))
    # A field mark ends n-grams; leave it to its own test.
    if FIELD_MARK not in text:
        assert bucket_counts([text], _SPEC).sum() == expected


def test_fields_are_told_apart_and_ngrams_stay_inside_them() -> None:
    one, two = f"好{FIELD_MARK}差", f"差{FIELD_MARK}好"
    rows = bucket_counts([one, two, "好差"], _SPEC).toarray()
    assert not np.array_equal(rows[0], rows[1])
    assert rows[0].sum() == 2
    assert rows[2].sum() == 3


def test_a_field_does_not_depend_on_the_texts_before_it() -> None:
    texts = [f"a{FIELD_MARK}b{FIELD_MARK}c", "", f"a{FIELD_MARK}b"]
    together = bucket_counts(texts, _SPEC).toarray()
    assert np.array_equal(together[2], bucket_counts([texts[2]], _SPEC).toarray()[0])


def test_width_case_and_broken_surrogates_are_taken() -> None:
    rows = bucket_counts(["ＡＢ", "ab", "\ud800"], _SPEC).toarray()
    assert np.array_equal(rows[0], rows[1])
    assert rows[2].sum() == 1
