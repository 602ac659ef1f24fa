from __future__ import annotations

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import pytest

from zhanggui.records import Review
from zhanggui.reviews.learning import learn_polarity
from zhanggui.reviews.reading import load_students, read, read_chunk_with
from zhanggui.reviews.rows import PolarityLabel

_TEXTS = ["物流很快，质量也好", "杯盖漏水，差评", "The fit is perfect", "嗯", ""]


@pytest.mark.parametrize("learnt", [False, True])
def test_worker_processes_read_as_this_one_does(learnt: bool, tmp_path: Path) -> None:
    folder = None
    if learnt:
        folder = tmp_path / "students"
        rows = [PolarityLabel(f"很好{n}", "positive") for n in range(15)]
        learn_polarity([*rows, *(PolarityLabel(f"很差{n}", "negative") for n in range(15))], folder)
    reviews = [Review(id=str(i), content=_TEXTS[i % 5]) for i in range(40)]
    chunks = [reviews[start : start + 10] for start in range(0, 40, 10)]
    # Spawned processes start from nothing, as on Windows: all that they need is picklable.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(2, mp_context=context) as pool:
        found = [
            one for chunk in pool.map(partial(read_chunk_with, folder), chunks) for one in chunk
        ]
    expected = list(read(reviews, load_students(folder)))
    assert [(one.id, one.polarity, one.opinions) for one in found] == [
        (one.id, one.polarity, one.opinions) for one in expected
    ]


def test_hostile_texts_are_read() -> None:
    texts = [
        "好" * 100_000,
        "\x00\x1f\ud800",
        "。" * 10_000,
        "很" * 5_000,
        "a" * 50_000,
        "\u202e好",
    ]
    reviews = [Review(id=str(i), content=text) for i, text in enumerate(texts)]
    readings = list(read(reviews, load_students()))
    assert len(readings) == len(texts)
    assert all(-1 <= one.score <= 1 for one in readings)
