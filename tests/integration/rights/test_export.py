from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from people_shop import CUSTOMER, STRINGS

from zhanggui.errors import InputError, NotPermitted, OutputExists
from zhanggui.pii.permission import Permission
from zhanggui.rights.export import write_personal_data
from zhanggui.shop import Shop

PII: frozenset[Permission] = frozenset({"pii"})


def test_without_the_permission_nothing_comes_out(shop: Shop) -> None:
    with pytest.raises(NotPermitted, match=r"needs the `pii` permission: .* give --pii\."):
        shop.personal_data(CUSTOMER)


def test_everything_of_the_customer_and_of_nobody_else(
    shop: Shop, home: Path, questions: Path, tmp_path: Path
) -> None:
    shop.answer_to(home / "a.jsonl", questions)
    found = shop.personal_data(CUSTOMER, PII)
    out = tmp_path / "her.json"
    write_personal_data(found, out)
    text = out.read_text("utf-8")
    assert [string for string in STRINGS if string not in text] == []
    assert "hk_" not in text
    assert "〔" not in text
    for other in ("甄有余", "19900000002", "other-customer", "B-2-00000000001"):
        assert other not in text
    whole = json.loads(text)
    assert whole["orders"][0]["receiver"] == "欧阳雀鸣"
    assert whole["tickets"][0]["messages"][0]["role"] == "customer"
    assert "SF9000000000006" in whole["replies"][0]["text"]
    assert [Path(one["file"]).name for one in whole["outputs"]] == ["a.jsonl"]
    assert whole["outputs"][0]["rows"] == ["q1"]
    with pytest.raises(OutputExists, match="--force"):
        write_personal_data(found, out)
    write_personal_data(found, out, "force")


def test_a_table_has_a_row_a_field(shop: Shop, tmp_path: Path) -> None:
    out = tmp_path / "her.csv"
    write_personal_data(shop.personal_data(CUSTOMER, PII), out)
    with out.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    told = {(row["noun"], row["field"]): row["value"] for row in rows}
    assert told["orders", "address"] == "江苏省金丝雀市试验区试验路7号2幢"
    assert "11010519491231002X" in told["tickets", "messages"]


def test_after_an_erase_there_is_nothing_to_export(shop: Shop) -> None:
    shop.erase(CUSTOMER)
    with pytest.raises(InputError, match="check the id"):
        shop.personal_data(CUSTOMER, PII)
