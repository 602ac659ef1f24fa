"""What students learnt from, and what a prompt shows as examples, never comes out again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from canaries import ALL, FORMATTED, SAID, WHOLE, files_with, found_in
from recording_wire import Wire
from safetensors.numpy import load_file

from zhanggui.answers import picking
from zhanggui.answers.picking import _Example, _Prompt
from zhanggui.knowledge.embedder import FakeEmbedder
from zhanggui.llm.engine import Request
from zhanggui.llm.fake import FakeEngine
from zhanggui.records import Question, Review
from zhanggui.reviews.cascade import refine
from zhanggui.reviews.learning import learn_opinions, learn_polarity
from zhanggui.reviews.reading import load_students, read
from zhanggui.reviews.rows import OpinionsLabel, PolarityLabel, opinions_label, reading_row
from zhanggui.settings import load_settings
from zhanggui.shop import Shop

ASPECTS = ("奶泡", "豆子", "杯垫", "机身")
WORDS = {"绵密": "positive", "发霉": "negative", "厚实": "positive", "掉漆": "negative"}
NAME, ADDRESS, CUSTOMER = WHOLE
FREE = f"我是{NAME}，旺旺{CUSTOMER}，住{ADDRESS}"
EXAMPLE = "金丝雀示例：前一位顾客欧阳雀鸣的电话19900000007"


def planted(text: str, number: int, canaries: str) -> str:
    """Every second label carries canaries."""
    return f"{text}，{canaries}" if number % 2 else text


def polarities(canaries: str) -> list[PolarityLabel]:
    pairs = [(aspect, word) for aspect in ASPECTS for word in WORDS]
    return [
        PolarityLabel(planted(f"{aspect}{word}", n, canaries), WORDS[word])  # type: ignore[arg-type]
        for n, (aspect, word) in enumerate(pairs * 2)
    ]


def opinions(canaries: str) -> list[OpinionsLabel]:
    labels = []
    for number, (aspect, word) in enumerate([(a, w) for a in ASPECTS for w in WORDS] * 2):
        said = {"aspect": aspect, "opinion": word, "category": "质量", "polarity": WORDS[word]}
        content = planted(f"{aspect}{word}", number, canaries)
        labels.append(opinions_label({"content": content, "opinions": [said]}))
    return labels


def tensors(folder: Path) -> dict[str, np.ndarray]:
    """All numbers that were learnt."""
    return {
        f"{file.relative_to(folder)}:{name}": values
        for file in sorted(folder.rglob("*.safetensors"))
        for name, values in load_file(file).items()
    }


def test_the_files_of_students_hold_no_canary(tmp_path: Path) -> None:
    learn_polarity(polarities(f"{SAID}，{FREE}"), tmp_path)
    learn_opinions(opinions(f"{SAID}，{FREE}"), tmp_path)
    assert len(list(tmp_path.rglob("*.safetensors"))) >= 3
    assert files_with(tmp_path) == {}


def test_students_do_not_even_learn_from_formatted_canaries(tmp_path: Path) -> None:
    """Whoever's number stood in the labels, the same student comes out, to the last bit."""
    other = SAID
    for mine, theirs in (
        ("19900000007", "19900000008"),
        ("0571-88000004", "0571-88000005"),
        ("canary@example.com", "robins@example.com"),
        ("SF9000000000006", "SF9000000000007"),
    ):
        other = other.replace(mine, theirs)
    assert other != SAID
    for name, canaries in (("one", SAID), ("two", other)):
        learn_polarity(polarities(canaries), tmp_path / name)
        learn_opinions(opinions(canaries), tmp_path / name)
    one, two = tensors(tmp_path / "one"), tensors(tmp_path / "two")
    assert one.keys() == two.keys()
    for name, values in one.items():
        np.testing.assert_array_equal(values, two[name], err_msg=name)


def test_readings_of_other_reviews_tell_nothing_of_the_labels(tmp_path: Path) -> None:
    learn_polarity(polarities(f"{SAID}，{FREE}"), tmp_path)
    learn_opinions(opinions(f"{SAID}，{FREE}"), tmp_path)
    texts = ["到了，豆子发霉", "电话", "我是", "邮箱canary", "杯垫厚实，旺旺", "住在江苏省"]
    reviews = [Review(id=str(n), content=text) for n, text in enumerate(texts)]
    rows = [reading_row(reading) for reading in read(reviews, load_students(tmp_path))]
    assert any(row["opinions"] for row in rows)
    assert found_in(json.dumps(rows, ensure_ascii=False).encode()) == []


@pytest.fixture
def shop(tmp_path: Path, wire: Wire) -> Iterator[Shop]:
    """A shop whose remote model says the examples of its prompt instead of an answer."""
    folder = tmp_path / "exports"
    folder.mkdir()
    (folder / "products.csv").write_text(
        "id,title,category,attributes\nP1,雾岚保温杯,保温杯,容量:500ml;净重:285g;内胆:316不锈钢\n",
        encoding="utf-8",
    )
    settings = load_settings(tmp_path / "home", endpoint=wire.url, model="remote")
    with Shop.open(settings, embedder=FakeEmbedder()) as opened:
        opened.import_folder(folder)
        yield opened


@pytest.mark.parametrize("said", [EXAMPLE, json.dumps(EXAMPLE), f"1 {EXAMPLE}", "0"])
def test_an_example_of_the_picker_never_reaches_a_reply(
    shop: Shop, wire: Wire, monkeypatch: pytest.MonkeyPatch, said: str
) -> None:
    real = picking.load(_Prompt, "zhanggui.answers", "prompts/pick.yaml")
    example = _Example(user=EXAMPLE, assistant="1")
    prompt = real.model_copy(update={"examples": (*real.examples, example)})
    monkeypatch.setattr(picking, "load", lambda *_: prompt)
    wire.answer = lambda _: said
    reply = shop.answer(Question(id="a", question="容量够不够两个人喝一天", product_id="P1"))
    assert "金丝雀示例" in wire.prompts[0], "the example was shown to the model"
    assert found_in(b"\n".join(wire.received), ["19900000007"]) == []
    assert reply.decision == "hand_over"
    assert found_in(repr(reply).encode(), [*ALL, "金丝雀"]) == []


def test_a_model_that_repeats_other_reviews_changes_no_reading() -> None:
    review = Review(id="1", content="一般般")
    (reading,) = read([review], load_students())
    engine = FakeEngine({"reviews.polarity": EXAMPLE})
    refined = refine([review], [reading], engine, 1)
    assert refined.failed == 1
    assert refined.readings == [reading]


def test_a_draft_with_somebody_s_number_is_not_publishable(shop: Shop, wire: Wire) -> None:
    """A model that learnt a number by heart and writes it into a product."""
    (product,) = shop.products(["P1"])

    def remember(request: Request) -> str:
        body = "容量500ml。下单请找欧阳雀鸣，电话19900000007，邮箱canary@example.com。"
        return json.dumps(
            {
                "title": "雾岚保温杯",
                "bullets": ["容量500ml", body],
                "body": body,
                "sentences": [body],
            },
            ensure_ascii=False,
        )

    with Shop(shop.settings, shop.store, engine=FakeEngine(remember)) as leaking:
        draft = leaking.describe(product)
    told = repr((draft.title, draft.bullets, draft.body)).encode()
    assert found_in(told, FORMATTED) == []
