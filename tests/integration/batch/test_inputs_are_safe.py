"""What is read is never emptied, and what `describe` wrote is checked in all its parts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from zhanggui.batch.drafts import verify_file
from zhanggui.batch.texts import RedactStage, texts_file
from zhanggui.errors import InputError, InputNotFound

PRODUCTS = "id,title,category,attributes\nP1,保温杯,厨具,容量:500ml;材质:316不锈钢\n"


@pytest.fixture
def products(tmp_path: Path) -> Path:
    path = tmp_path / "p.csv"
    path.write_text(PRODUCTS, encoding="utf-8")
    return path


def test_a_file_that_is_read_is_not_written_over(products: Path, tmp_path: Path) -> None:
    drafts = tmp_path / "d.jsonl"
    drafts.write_text('{"id": "1", "product_id": "P1", "text": "容量500ml"}\n', encoding="utf-8")
    before = drafts.read_bytes()
    for out in (drafts, products):
        with pytest.raises(InputError, match="another --out"):
            verify_file(products, drafts, out, mode="force")
    with pytest.raises(InputError, match="another --out"):
        texts_file(drafts, drafts, RedactStage(), mode="force")
    assert (drafts.read_bytes(), products.read_text(encoding="utf-8")) == (before, PRODUCTS)


def test_a_mistyped_input_leaves_no_output(products: Path, tmp_path: Path) -> None:
    with pytest.raises(InputNotFound):
        verify_file(products, tmp_path / "nope.csv", tmp_path / "out.jsonl")
    assert not (tmp_path / "out.jsonl").exists()


def test_a_described_row_is_checked_in_all_its_parts(products: Path, tmp_path: Path) -> None:
    drafts, out = tmp_path / "d.jsonl", tmp_path / "o.jsonl"
    row = {"id": "1", "product_id": "P1", "title": "国家级保温杯", "bullets": ["容量800ml"]}
    drafts.write_text(
        json.dumps(row | {"body": "容量500ml。"}, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    verify_file(products, drafts, out)
    checked = json.loads(out.read_text(encoding="utf-8"))
    assert checked["publishable"] is False
    assert [one["part"] for one in checked["violations"]] == ["title"]
    assert [one["part"] for one in checked["claims"] if one["status"] == "contradicted"] == [
        "bullets.0"
    ]
