"""The review queue of a shop, on both databases."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from zhanggui.errors import InputError
from zhanggui.knowledge.embedder import FakeEmbedder
from zhanggui.llm.fake import FakeEngine
from zhanggui.records import Draft
from zhanggui.settings import RetentionDays, load_settings
from zhanggui.shop import Shop
from zhanggui.store import drafts
from zhanggui.store.drafts import ACTIVE, STATES, Grounds

POT = "材质:铸铁;口径:24cm;容量:4.5L;重量:5.2kg;颜色:墨绿;产地:河北;质保:2年"
CUP = "容量:500ml;内胆材质:316不锈钢;保温时长:12小时;颜色:雾霾蓝、奶白;产地:浙江永康;质保:2年"
ID = "P9:generic"


def write_products(folder: Path, **attributes: str) -> None:
    folder.mkdir(exist_ok=True)
    titles = {"P9": "炉语 铸铁炖锅 24cm", "P8": "青禾 316不锈钢保温杯 500ml"}
    with (folder / "products.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["id", "title", "category", "brand", "price", "attributes"])
        for key, value in attributes.items():
            rows.writerow([key, titles[key], "厨具", "炉语", "99", value])


@pytest.fixture
def exports(tmp_path: Path) -> Path:
    write_products(tmp_path / "exports", P9=POT, P8=CUP)
    return tmp_path / "exports"


@pytest.fixture
def shop(store_url: str, tmp_path: Path, exports: Path) -> Iterator[Shop]:
    """A shop with two described products."""
    settings = load_settings(tmp_path / "home").model_copy(update={"database_url": store_url})
    with Shop.open(settings, engine=FakeEngine({}), embedder=FakeEmbedder()) as opened:
        opened.import_folder(exports)
        describe(opened, tmp_path)
        yield opened


def describe(shop: Shop, tmp_path: Path, **answers: object) -> list[dict[str, Any]]:
    out = tmp_path / "described.jsonl"
    shop.describe_to(out, mode="force")
    return [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]


def state(shop: Shop, key: str = ID) -> list[str]:
    with shop.store.read() as conn:
        return [one.draft.state for one in drafts.versions(conn, key)]


def live(shop: Shop) -> dict[str, int]:
    with shop.store.read() as conn:
        return {key: one.number for key, one in drafts.live(conn, "generic").items()}


def stored(shop: Shop, key: str = ID) -> Draft:
    with shop.store.read() as conn:
        found = drafts.get(conn, key)
    assert found is not None
    return found


def why(shop: Shop, key: str = ID) -> str:
    return "\n".join(shop.queue.dossier(key).reasons)


def test_from_draft_to_published_with_who_and_when(shop: Shop) -> None:
    assert (state(shop), live(shop)) == (["draft"], {})
    shop.queue.approve(ID, " 李四 ")
    assert (state(shop), live(shop)) == (["approved"], {"P9": 1})
    shop.queue.publish(ID, "王五")
    assert (state(shop), live(shop)) == (["published"], {"P9": 1})
    past = shop.queue.dossier(ID).past
    assert [(one.kind, one.state, one.by) for one in past] == [
        ("describe", "draft", "system"),
        ("approve", "approved", "李四"),
        ("publish", "published", "王五"),
    ]
    told = [(one.kind, one.decision, one.actor) for one in shop.story(ID)]
    assert told[1:] == [("approve", "approved", "李四"), ("publish", "published", "王五")]
    assert shop.check_audit().whole


def test_names_stand_in_the_vault_alone_and_outlive_retention(shop: Shop) -> None:
    shop.queue.approve(ID, "李四")
    shop.queue.reject("P8:generic", "赵六", "客户电话 19900001234 说太硬")
    with shop.store.read() as conn:
        tables = ("draft_versions", "draft_steps", "audit")
        written = "\n".join(
            str(tuple(row))
            for name in tables
            for row in conn.execute(text(f"SELECT * FROM {name}"))
        )
    for secret in ("李四", "赵六", "19900001234"):
        assert secret not in written
    shop.settings = shop.settings.model_copy(update={"retention_days": RetentionDays(replies=1)})
    shop.apply_retention()
    assert shop.queue.dossier(ID).past[-1].by == "李四"
    assert why(shop, "P8:generic") == "客户电话 19900001234 说太硬"


def test_what_is_not_approved_is_not_published(shop: Shop) -> None:
    with pytest.raises(InputError, match="approve it first"):
        shop.queue.publish(ID, "李四")
    shop.queue.approve(ID, "李四")
    with pytest.raises(InputError, match="approved already"):
        shop.queue.approve(ID, "李四")
    with pytest.raises(InputError, match="no draft 'P7:generic'"):
        shop.queue.approve("P7:generic", "李四")
    with pytest.raises(InputError, match="needs a name"):
        shop.queue.publish(ID, " ")
    with pytest.raises(InputError, match="versions 1 to 1"):
        shop.queue.publish(ID, "李四", version=2)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("容量6L，一家人够用。", "容量是4.5L"),
        ("全网最好的锅。", "《广告法》"),
        ("送锅铲一把。", "锅铲"),
    ],
)
def test_what_is_faulty_cannot_be_let_out_whatever_the_stored_verdict_says(
    shop: Shop, body: str, said: str
) -> None:
    with shop.store.begin() as conn:
        # The verdict of other words: nothing in it is at fault.
        drafts.put(conn, replace(stored(shop), body=body))
    with pytest.raises(InputError, match="may not go out") as caught:
        shop.queue.approve(ID, "李四")
    assert said in str(caught.value)
    assert state(shop) == ["replaced", "needs_review"]
    assert said in why(shop)
    with shop.store.begin() as conn:
        (*_, version) = drafts.versions(conn, ID)
        drafts.move(conn, version, "approved", kind="approve")
    with pytest.raises(InputError, match="may not go out"):
        shop.queue.publish(ID, "李四")
    assert (state(shop), live(shop)) == (["replaced", "needs_review"], {})


def test_a_rejected_text_does_not_come_back_by_describing_again(shop: Shop, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="Say why"):
        shop.queue.reject(ID, "李四", " ")
    shop.queue.reject(ID, "李四", "语气太硬")
    row = next(row for row in describe(shop, tmp_path) if row["id"] == ID)
    assert (row["state"], row["publishable"]) == ("rejected", False)
    assert state(shop) == ["rejected"]
    with pytest.raises(InputError, match="was rejected"):
        shop.queue.approve(ID, "李四")
    with pytest.raises(InputError, match="was rejected"):
        shop.queue.reject(ID, "李四", "还是太硬")


def test_an_edit_is_a_new_version_that_is_checked_like_any_text(shop: Shop) -> None:
    shop.queue.approve(ID, "李四")
    good = shop.queue.edit(ID, {"body": f"{stored(shop).body}慢慢炖，满屋都是香味。"}, "王五")
    assert (good.number, good.draft.state) == (2, "draft")
    assert (state(shop), live(shop)) == (["approved", "draft"], {"P9": 1})
    bad = shop.queue.edit(ID, {"bullets": ["容量9L，够一家人喝", "铸铁的，稳"]}, "王五")
    assert (bad.number, bad.draft.state) == (3, "needs_review")
    assert "9L" in why(shop)
    assert state(shop) == ["approved", "replaced", "needs_review"]
    found = shop.queue.dossier(ID)
    assert found.approved is not None
    assert found.approved.number == 1
    assert found.better == {("bullets.0", 2, 4): "4.5L"}
    assert [one.actor for one in shop.story(ID) if one.kind == "edit"] == ["王五", "王五"]


def test_personal_data_of_an_edit_are_not_stored(shop: Shop, tmp_path: Path) -> None:
    body = "容量4.5L。找我13900001234，微信 wx_luyu2026，邮箱 li@example.com。"
    edited = shop.queue.edit(ID, {"body": body, "bullets": ["电话13900001234下单"]}, "王五")
    assert edited.draft.state == "needs_review"
    assert "〔手机号·" in edited.draft.body
    with pytest.raises(InputError, match="may not go out"):
        shop.queue.approve(ID, "李四")
    # What is shown of the reasons says what it was; nothing that is stored does.
    assert "13900001234" in why(shop)
    with shop.store.read() as conn:
        tables = ("draft_versions", "draft_steps", "audit")
        told = [str(row) for name in tables for row in conn.execute(text(f"SELECT * FROM {name}"))]
    for value in ("13900001234", "wx_luyu2026", "li@example.com"):
        assert not [row for row in told if value in row]
    with pytest.raises(InputError, match="nothing was changed"):
        shop.queue.edit(ID, {"body": body}, "王五")


def test_a_number_that_the_data_state_is_no_personal_datum(shop: Shop, exports: Path) -> None:
    write_products(exports, P9=f"{POT};订货热线:13900001234")
    shop.import_folder(exports)
    edited = shop.queue.edit(ID, {"body": "容量4.5L。订货热线13900001234。"}, "王五")
    assert "13900001234" in edited.draft.body


def test_a_repair_rewrites_the_faulty_spans_and_waits(shop: Shop) -> None:
    before = stored(shop)
    with pytest.raises(InputError, match="Nothing in the draft"):
        shop.queue.repair(ID, "李四")
    shop.queue.edit(ID, {"body": before.body.replace("2年", "5年"), "title": "铸铁炖锅"}, "王五")
    mended = shop.queue.repair(ID, "李四")
    assert (mended.draft.body, mended.draft.title) == (before.body, "铸铁炖锅")
    assert mended.draft.verdict.publishable
    assert state(shop) == ["replaced", "replaced", "needs_review"]
    assert why(shop) == "按资料改过，请看一眼：正文（“质保2年”）"
    assert shop.queue.approve(ID, "李四").draft.state == "approved"


def test_describing_again_never_overwrites_what_was_let_out(
    shop: Shop, exports: Path, tmp_path: Path
) -> None:
    shop.queue.approve(ID, "李四")
    shop.queue.publish(ID, "李四")
    (row, _) = describe(shop, tmp_path)
    assert (row["state"], state(shop)) == ("published", ["published"]), "it would say the same"
    write_products(exports, P9=f"{POT};适用炉灶:燃气灶、电磁炉", P8=CUP)
    assert shop.import_folder(exports).drafts_affected == 0
    (row, _) = describe(shop, tmp_path)
    assert row["state"] == "draft"
    assert (state(shop), live(shop)) == (["published", "draft"], {"P9": 1})
    assert "燃气灶" in stored(shop).body + "".join(stored(shop).bullets)
    shop.queue.approve(ID, "李四")
    assert (state(shop), live(shop)) == (["published", "approved"], {"P9": 1})
    shop.queue.publish(ID, "李四")
    assert (state(shop), live(shop)) == (["replaced", "published"], {"P9": 2})


def test_a_persons_waiting_words_are_not_replaced_by_describing_again(
    shop: Shop, exports: Path, tmp_path: Path
) -> None:
    shop.queue.edit(ID, {"body": f"{stored(shop).body}慢慢炖，满屋都是香味。"}, "王五")
    write_products(exports, P9=POT.replace("河北", "山东"), P8=CUP)
    shop.import_folder(exports)
    describe(shop, tmp_path)
    assert state(shop) == ["replaced", "needs_review", "draft"]
    shop.queue.approve(ID, "李四", version=3)
    assert state(shop) == ["replaced", "replaced", "approved"]


def test_an_import_names_the_drafts_that_lost_their_facts(
    shop: Shop, exports: Path, tmp_path: Path
) -> None:
    for key in (ID, "P8:generic"):
        shop.queue.approve(key, "李四")
    (leaning,) = shop.queue.affected("P9", "容量")
    assert (leaning.version.id, leaning.live) == (ID, True)
    assert {claim.text for claim in leaning.claims} == {"4.5L"}
    assert shop.queue.affected("P8", "电压") == []
    with pytest.raises(InputError, match="no product 'P77'"):
        shop.queue.affected("P77", "容量")
    write_products(exports, P9=POT.replace("4.5L", "6L"), P8=CUP.replace("500ml", "0.5升"))
    report = shop.import_folder(exports)
    assert (report.drafts_checked, report.drafts_affected) == (2, 1)
    assert (state(shop), state(shop, "P8:generic")) == (["needs_review"], ["approved"])
    assert why(shop) == "资料变了：容量 4.5L → 6L（文案写的是“4.5L”）"
    assert [one.kind for one in shop.story(ID)] == ["describe", "approve", "recheck"]
    assert live(shop) == {"P8": 1}
    again = shop.import_folder(exports)
    assert (again.drafts_checked, again.drafts_affected) == (0, 0)
    # The next text keeps the approved words, with the new value in them.
    describe(shop, tmp_path)
    old, new = (one.draft for one in _versions(shop))
    assert new.body == old.body
    assert [one.replace("6L", "4.5L") for one in new.bullets] == list(old.bullets)
    assert state(shop) == ["replaced", "draft"]


def _versions(shop: Shop) -> list[drafts.Version]:
    with shop.store.read() as conn:
        return drafts.versions(conn, ID)


def test_why_a_draft_waits_is_remembered_over_further_imports(shop: Shop, exports: Path) -> None:
    write_products(exports, P9=POT.replace("4.5L", "6L"), P8=CUP)
    shop.import_folder(exports)
    steps = len(shop.queue.dossier(ID).past)
    write_products(exports, P9=f"{POT.replace('4.5L', '6L')};锅盖:有", P8=CUP)
    shop.import_folder(exports)
    assert "容量 4.5L → 6L" in why(shop)
    assert len(shop.queue.dossier(ID).past) == steps
    write_products(exports, P9=POT, P8=CUP)
    shop.import_folder(exports)
    assert (state(shop), why(shop)) == (["draft"], "")


def test_drafts_of_a_deleted_product_wait_and_cannot_be_let_out(shop: Shop, exports: Path) -> None:
    shop.queue.approve(ID, "李四")
    write_products(exports, P8=CUP)
    assert shop.import_folder(exports).drafts_affected == 1
    assert (state(shop), live(shop)) == (["needs_review"], {})
    assert why(shop) == "店里已经没有这个商品"
    with pytest.raises(InputError, match="店里已经没有这个商品"):
        shop.queue.approve(ID, "李四")
    with pytest.raises(InputError, match="no product 'P9' any more"):
        shop.queue.edit(ID, {"title": "炖锅"}, "李四")


def test_an_import_that_was_killed_is_made_up_for_by_the_next(shop: Shop, exports: Path) -> None:
    with shop.store.begin() as conn:
        (version,) = drafts.versions(conn, ID)
        drafts.judge(conn, version, version.draft.verdict, Grounds("other", "law"))
    assert shop.import_folder(exports).drafts_checked == 1


def test_a_changed_law_is_applied_to_what_is_live(shop: Shop, tmp_path: Path) -> None:
    assert shop.verify_again(None) == []
    with shop.store.begin() as conn:
        boast = replace(stored(shop), body="全网最好的锅。", state="published")
        drafts.put(conn, boast, grounds=Grounds("", "2020.1"))
        cup = drafts.versions(conn, "P8:generic")[-1]
        drafts.judge(conn, cup, cup.draft.verdict, Grounds(cup.grounds.basis, "2020.1"))
    out = tmp_path / "again.jsonl"
    looked = shop.verify_again(out)
    rows = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [one.newly_faulty for one in looked] == [False, True]
    assert [(row["id"], row["publishable"], row["state"]) for row in rows] == [
        ("P8:generic", True, "draft"),
        (ID, False, "needs_review"),
    ]
    assert rows[1]["violations"][0]["rule"].startswith("absolute")
    assert "《广告法》" in rows[1]["reasons"][0]
    assert (state(shop)[-1], live(shop)) == ("needs_review", {})
    assert shop.verify_again(None) == []


def test_the_list_says_what_waits_and_what_is_live(shop: Shop) -> None:
    shop.queue.approve(ID, "李四")
    shop.queue.edit(ID, {"body": "容量6L。"}, "王五")
    every = shop.queue.listing()
    assert [(one.version.id, one.version.number, one.live) for one in every] == [
        (ID, 1, True),
        ("P8:generic", 1, False),
        (ID, 2, False),
    ]
    assert [bool(one.reasons) for one in every] == [False, False, True]
    assert [one.version.number for one in shop.queue.listing(states=("needs_review",))] == [2]
    assert shop.queue.listing(channel="taobao") == []
    assert len(shop.queue.listing(product_id="P8")) == 1
    assert len(shop.queue.listing(states=STATES)) == len(shop.queue.listing(states=ACTIVE))
