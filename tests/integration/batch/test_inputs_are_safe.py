"""What is read is never emptied, and what `describe` wrote is checked in all its parts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from zhanggui.batch.drafts import verify_file
from zhanggui.batch.reviews import read_file
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


def test_a_resume_sees_that_drafts_or_products_changed(products: Path, tmp_path: Path) -> None:
    drafts, out = tmp_path / "d.jsonl", tmp_path / "o.jsonl"
    first = '{"id": "1", "product_id": "P1", "text": "容量500ml"}\n'
    drafts.write_text(first, encoding="utf-8")
    verify_file(products, drafts, out)
    before = out.read_bytes()
    drafts.write_text(first.replace("500ml", "800ml"), encoding="utf-8")
    with pytest.raises(
        InputError, match=r"o\.jsonl was made from has changed.*from row 1.*--force"
    ):
        verify_file(products, drafts, out, mode="resume")
    drafts.write_text("\n" + first + first.replace('"1"', '"2"'), encoding="utf-8")
    products.write_text(PRODUCTS.replace("500ml", "800ml"), encoding="utf-8")
    with pytest.raises(InputError, match="has changed"):
        verify_file(products, drafts, out, mode="resume")
    assert out.read_bytes() == before
    products.write_text(PRODUCTS, encoding="utf-8")
    summary = verify_file(products, drafts, out, mode="resume")
    assert (summary.written, summary.resumed) == (2, 1)


def test_a_resume_sees_that_reviews_changed(tmp_path: Path) -> None:
    reviews, out = tmp_path / "r.csv", tmp_path / "o.csv"
    reviews.write_text("id,content\n1,杯子很好\n2,漏水\n", encoding="utf-8")
    read_file(reviews, out)
    before = out.read_bytes()
    assert read_file(reviews, out, mode="resume").written == 2
    reviews.write_text("id,content\n1,杯子很差\n2,漏水\n3,杯子很差\n", encoding="utf-8")
    with pytest.raises(InputError, match="has changed"):
        read_file(reviews, out, mode="resume")
    assert out.read_bytes() == before
    assert read_file(reviews, out, mode="force").written == 3
    assert sorted(path.name for path in tmp_path.glob("*o.csv*")) == [".o.csv.inputs", "o.csv"]
