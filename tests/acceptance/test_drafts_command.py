"""`zhanggui drafts` and `zhanggui verify --rules-changed` as a user types them."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from typed import Run, rows

from zhanggui.knowledge.embedder import FakeEmbedder
from zhanggui.llm.fake import FakeEngine
from zhanggui.settings import load_settings
from zhanggui.shop import Shop

POT = "材质:铸铁;口径:24cm;容量:4.5L;重量:5.2kg;颜色:墨绿;产地:河北;质保:2年"
CUP = "容量:500ml;内胆材质:316不锈钢;保温时长:12小时;颜色:奶白;产地:浙江;质保:2年"
ID = "P9:taobao"


def exports(folder: Path, attributes: str, *others: str) -> Path:
    folder.mkdir(exist_ok=True)
    lines = ["id,title,category,attributes", f"P9,炉语 铸铁炖锅 24cm,厨具,{attributes}", *others]
    (folder / "products.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


@pytest.fixture
def shop(tmp_path: Path, zhanggui: Run) -> Run:
    """Types commands at a shop with three drafts, written without weights."""
    bare, dull = "P7,神秘商品,家居,", f"P8,青禾 保温杯,厨具,{CUP}"
    folder = exports(tmp_path / "exports", POT, bare, dull)
    settings = load_settings(tmp_path / "h")
    with Shop.open(settings, engine=FakeEngine({}), embedder=FakeEmbedder()) as made:
        made.import_folder(folder)
        made.describe_to(tmp_path / "described.jsonl", channel="taobao")

    def typed(*words: object) -> Any:
        return zhanggui("--home", "h", *words)

    return typed


def listed(shop: Run, *words: object) -> list[dict[str, Any]]:
    done = shop("drafts", "list", "--json", *words)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def shown(shop: Run, *words: object) -> dict[str, Any]:
    done = shop("drafts", "show", "--json", *words)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)  # type: ignore[no-any-return]


def test_a_draft_goes_out_step_by_step(shop: Run) -> None:
    waiting = {row["id"]: row["state"] for row in listed(shop)}
    assert waiting == {ID: "draft", "P7:taobao": "needs_review", "P8:taobao": "draft"}
    early = shop("drafts", "publish", ID, "--by", "李四")
    assert early.returncode == 2
    assert "approve it first" in early.stderr
    both = shop("drafts", "approve", ID, "P404:taobao", "--by", "李四")
    assert both.returncode == 1
    assert f"{ID}: approved" in both.stdout
    assert "no draft 'P404:taobao'" in both.stderr
    assert shop("drafts", "publish", ID, "--by", "王五").returncode == 0
    (row,) = listed(shop, "--state", "published", "--channel", "taobao", "--product", "P9")
    assert (row["id"], row["live"], row["version"]) == (ID, True, 1)
    steps = [(one["state"], one["by"]) for one in shown(shop, ID)["steps"]]
    assert steps == [("draft", "system"), ("approved", "李四"), ("published", "王五")]
    told = shop("drafts", "show", ID).stdout
    assert "published, live" in told
    assert "approved by 李四" in told
    assert "容量: 4.5L" in told
    assert shop("audit", "verify").returncode == 0


@pytest.mark.slow
def test_all_lets_out_only_what_passed_every_check(shop: Run) -> None:
    assert shop("drafts", "approve", "--all", "--by", "李四").returncode == 0
    states = {row["id"]: row["state"] for row in listed(shop)}
    assert states == {ID: "approved", "P7:taobao": "needs_review", "P8:taobao": "approved"}
    assert shop("drafts", "publish", "--all", "--channel", "shopify", "--by", "李").returncode == 0
    assert {row["state"] for row in listed(shop, "--state", "published")} == set()
    assert shop("drafts", "publish", "--all", "--channel", "taobao", "--by", "李").returncode == 0
    assert len(listed(shop, "--state", "published")) == 2


@pytest.mark.slow
def test_an_edit_is_checked_repaired_and_shown_against_what_was_approved(
    shop: Run, tmp_path: Path
) -> None:
    shop("drafts", "approve", ID, "--by", "李四")
    words = shown(shop, ID)
    changed = [words["bullets"][0], "容量9L，一家人的汤一锅搞定", *words["bullets"][2:]]
    (tmp_path / "e.json").write_text(json.dumps({"bullets": changed}), encoding="utf-8")
    edited = shop("drafts", "edit", ID, "--file", "e.json", "--by", "王五")
    assert edited.returncode == 0, edited.stderr
    assert f"{ID}: needs_review (version 2)" in edited.stdout
    assert "bullets.1: 9L → 4.5L" in edited.stdout
    refused = shop("drafts", "approve", ID, "--by", "李四")
    assert refused.returncode == 2
    assert "资料里容量是4.5L" in refused.stderr
    repaired = shop("drafts", "repair", ID, "--by", "王五")
    assert f"{ID}: needs_review (version 3)" in repaired.stdout, repaired.stderr
    told = shown(shop, ID)
    assert told["bullets"][1] == "容量4.5L，一家人的汤一锅搞定"
    assert told["approved"]["version"] == 1
    assert "{+容量4.5L，一家人的汤一锅搞定+}" in shop("drafts", "show", ID).stdout
    assert [row["version"] for row in listed(shop, "--product", "P9") if row["live"]] == [1]
    assert shop("drafts", "approve", ID, "--by", "李四").returncode == 0
    assert [row["version"] for row in listed(shop, "--product", "P9")] == [3]


@pytest.mark.slow
def test_a_changed_attribute_brings_what_leaned_on_it_back(shop: Run, tmp_path: Path) -> None:
    shop("drafts", "approve", ID, "--by", "李四")
    leaning = shop("drafts", "affected", "--product", "P9", "--attribute", "容量", "--json")
    (row,) = [json.loads(line) for line in leaning.stdout.splitlines()]
    assert (row["id"], row["live"]) == (ID, True)
    assert {claim["text"] for claim in row["claims"]} == {"4.5L"}
    told = shop("drafts", "affected", "--product", "P9", "--attribute", "容量").stdout
    assert "4.5L" in told
    exports(tmp_path / "exports", POT.replace("4.5L", "6L"))
    imported = shop("import", tmp_path / "exports")
    assert imported.returncode == 0, imported.stderr
    assert "checked 3, no longer holding 2" in imported.stdout
    reasons = {row["id"]: row["reasons"] for row in listed(shop, "--state", "needs_review")}
    assert reasons[ID] == ["资料变了：容量 4.5L → 6L（文案写的是“4.5L”）"]
    assert reasons["P8:taobao"] == ["店里已经没有这个商品"]
    assert not any(row["live"] for row in listed(shop))


def test_a_changed_law_finds_what_is_live(shop: Run, tmp_path: Path) -> None:
    shop("drafts", "approve", "--all", "--by", "李四")
    with sqlite3.connect(tmp_path / "h" / "shop.sqlite") as raw:
        record = json.loads(
            raw.execute("SELECT record FROM draft_versions WHERE draft_id = ?", (ID,)).fetchone()[0]
        )
        record["body"] += "全网最好的锅。"
        older = (json.dumps(record, ensure_ascii=False), "2020.1", ID)
        raw.execute("UPDATE draft_versions SET record = ?, rules = ? WHERE draft_id = ?", older)
    raw.close()
    done = shop("verify", "--rules-changed", "--out", "again.jsonl")
    assert done.returncode == 0, done.stderr
    assert f"{ID} was approved, waits now" in done.stdout
    assert "《广告法》第九条" in done.stdout
    assert "checked 1, no longer holding 1" in done.stdout
    (row,) = rows(tmp_path / "again.jsonl")
    assert {"id", "publishable", "claims", "violations"} <= row.keys()
    assert (row["publishable"], row["newly_faulty"], row["state"]) == (False, True, "needs_review")
    (violation,) = row["violations"]
    assert violation["part"] == "body"
    assert violation["text"].startswith("全网最")
    assert violation["suggestion"]
    assert [one["id"] for one in listed(shop) if one["live"]] == ["P8:taobao"]
    assert "checked 0" in shop("verify", "--rules-changed").stdout
