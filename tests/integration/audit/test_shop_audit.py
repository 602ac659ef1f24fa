"""What a shop's runs write into the audit, and what it tells."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import text

from zhanggui.audit.head import HEAD_FILE
from zhanggui.audit.trail import draft_content
from zhanggui.errors import InputError
from zhanggui.knowledge.embedder import FakeEmbedder
from zhanggui.llm.fake import FakeEngine
from zhanggui.records import Receipt
from zhanggui.settings import RetentionDays, load_settings
from zhanggui.shop import Shop
from zhanggui.store import audit, drafts, receipts, vault

GOOD = {"first": "容量"}
ATTRIBUTES = (
    "材质:铸铁;口径:24cm;容量:4.5L;重量:5.2kg;适用炉灶:燃气灶、电磁炉;颜色:墨绿;产地:河北;质保:2年"
)
PHONE = "19900001234"
QUESTIONS = [
    {"id": f"tb{PHONE}", "question": f"多重？我的电话{PHONE}", "product_id": "P9"},
    {"id": "q2", "question": "你好"},
    {"id": "q3", "question": "订单发货了吗", "customer_id": "张三_88"},
]
Open = Callable[..., Any]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "exports"
    place.mkdir()
    write_products(place, ATTRIBUTES)
    (place / "faq.csv").write_text(
        "question,answer\n可以开发票吗,可以，下单时备注抬头。\n", encoding="utf-8"
    )
    (place / "orders.csv").write_text(
        "order_id,customer_id,product_id,quantity,status,tracking_no\n"
        "2026110100001,张三_88,P9,1,已发货,SF1990000123456\n",
        encoding="utf-8",
    )
    lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in QUESTIONS]
    (place / "asked.jsonl").write_text("".join(lines), encoding="utf-8")
    return place


def write_products(folder: Path, attributes: str) -> None:
    with (folder / "products.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["id", "title", "category", "brand", "attributes"])
        rows.writerow(["P9", "炉语 铸铁炖锅 24cm", "厨具", "炉语", attributes])


@pytest.fixture
def open_shop(tmp_path: Path) -> Open:
    @contextmanager
    def opened(responsible: str = "炉语厨具店", **answers: object) -> Iterator[Shop]:
        told = {
            f"describe.{name}": json.dumps(answer, ensure_ascii=False)
            for name, answer in answers.items()
        }
        settings = load_settings(tmp_path / "home", responsible=responsible)
        engine, embedder = FakeEngine(told), FakeEmbedder()
        with Shop.open(settings, engine=engine, embedder=embedder) as shop:
            yield shop

    return opened


@pytest.fixture
def worked(open_shop: Open, folder: Path, tmp_path: Path) -> Path:
    """A home with an import, a draft and three replies."""
    with open_shop(write=GOOD) as shop:
        shop.import_folder(folder)
        shop.describe_to(tmp_path / "d.jsonl")
        shop.answer_to(tmp_path / "a.jsonl", folder / "asked.jsonl")
    return tmp_path / "home"


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_variants_are_drafts_of_their_own_and_a_resume_does_what_is_left(
    open_shop: Open, folder: Path, tmp_path: Path
) -> None:
    out = tmp_path / "d.jsonl"
    with open_shop(write=GOOD) as shop:
        shop.import_folder(folder)
        shop.describe_to(out, channel="taobao", variants=3)
        written = rows(out)
        again = shop.describe_to(out, channel="taobao", variants=3, mode="resume")
        (chapter,) = shop.story("P9:taobao:2")
    assert [row["id"] for row in written] == ["P9:taobao", "P9:taobao:2", "P9:taobao:3"]
    assert [row["variant"] for row in written] == [1, 2, 3]
    assert len({row["body"] for row in written}) == 3
    assert (again.resumed, again.drafts) == (3, [])
    assert {one.name: one.now for one in chapter.versions}["channel"] == "same"


def test_the_shops_wording_reaches_its_drafts(folder: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "settings.toml").write_text(
        '[wording]\nmandatory = ["有问题找掌柜"]\nglossary = {"炖锅" = "老汤锅"}\n',
        encoding="utf-8",
    )
    with Shop.open(load_settings(home), engine=FakeEngine(), embedder=FakeEmbedder()) as shop:
        shop.import_folder(folder)
        shop.describe_to(tmp_path / "d.jsonl", channel="taobao")
    (row,) = rows(tmp_path / "d.jsonl")
    assert row["publishable"] is True
    assert row["title"] == "炉语 铸铁老汤锅 24cm"
    assert row["body"].endswith("有问题找掌柜。")


def test_a_long_run_is_estimated_from_what_earlier_ones_took(
    open_shop: Open, folder: Path, tmp_path: Path
) -> None:
    with open_shop() as shop:
        shop.import_folder(folder)
        usual = shop.estimate(10_000)
        assert (usual.measured, usual.local, usual.seconds) == (0, True, 20_000)
        spent = Receipt(purpose="describe.write", tier="model", model=shop.settings.model, ms=500)
        with shop.store.begin() as conn:
            for number in range(10):
                receipts.put(conn, [spent, spent], "run", f"P{number}:taobao")
            receipts.put(conn, [replace(spent, model="another", ms=9e9)], "run", "P99:taobao")
        known = shop.estimate(10_000)
    assert (known.measured, known.seconds) == (10, 10_000)


def test_a_draft_is_told_with_its_inputs_and_versions(worked: Path, open_shop: Open) -> None:
    with open_shop() as shop:
        (chapter,) = shop.story("P9:generic")
        assert shop.story("P9") == [chapter]
    assert (chapter.kind, chapter.tier, chapter.decision) == ("describe", "model", "draft")
    assert chapter.output_now == "same"
    assert [(one.kind, one.id, one.now) for one in chapter.inputs] == [("product", "P9", "same")]
    names = {version.name for version in chapter.versions}
    assert {"zhanggui", "prompts", "rules", "lexicons", "channel"} <= names
    assert all(version.now in ("same", "") for version in chapter.versions)
    assert (chapter.actor, chapter.responsible) == ("system", "炉语厨具店")


def test_a_reply_is_told_by_the_id_that_the_file_gave(worked: Path, open_shop: Open) -> None:
    with open_shop() as shop:
        (chapter,) = shop.story(f"tb{PHONE}")
        (greeting,) = shop.story("q2")
        (order,) = shop.story("q3")
    assert (chapter.kind, chapter.tier, chapter.decision) == ("answer", "quote", "send")
    assert chapter.output_now == "same"
    kinds = {one.kind: one for one in chapter.inputs}
    assert kinds["passage"].where == "products.csv:P9/重量"
    assert kinds["passage"].now == "same"
    assert kinds["knowledge"].now == "same"
    assert {one.kind for one in greeting.inputs} == {"question", "knowledge"}
    assert order.tier == "rule"
    assert "order" in {one.kind for one in order.inputs}


def test_what_has_changed_since_is_told(worked: Path, open_shop: Open, folder: Path) -> None:
    write_products(folder, ATTRIBUTES.replace("5.2kg", "5.3kg"))
    with open_shop(responsible="另一家店") as shop:
        shop.import_folder(folder)
        draft, recheck = shop.story("P9")
        (reply,) = shop.story(f"tb{PHONE}")
        with shop.store.begin() as conn:
            stored = drafts.get(conn, "P9:generic")
            assert stored is not None
            drafts.put(conn, replace(stored, body="有人改过。"))
        edited, _ = shop.story("P9")
    assert [one.now for one in draft.inputs] == ["changed"]
    assert (recheck.kind, recheck.decision, recheck.actor) == ("recheck", "needs_review", "system")
    assert [one.now for one in recheck.inputs] == ["same"]
    assert {one.kind: one.now for one in reply.inputs} == {
        "question": "",
        "knowledge": "changed",
        "passage": "gone",
    }
    assert draft.responsible == "another"
    assert (draft.output_now, edited.output_now) == ("same", "changed")


def test_the_audit_holds_no_personal_data(worked: Path, open_shop: Open) -> None:
    with open_shop() as shop, shop.store.read() as conn:
        written = "\n".join(
            str(tuple(row)) for row in conn.execute(text("SELECT * FROM audit")).all()
        )
    assert written.count("'answer'") == 3
    for secret in (PHONE, "张三_88", "2026110100001", "SF1990000123456", "q3", "炉语厨具店"):
        assert secret not in written
        assert json.dumps(secret).strip('"') not in written


def test_who_approved_is_told_and_kept_in_the_vault(worked: Path, open_shop: Open) -> None:
    with open_shop() as shop:
        assert shop.approve("P9:generic", " 李四 ").state == "approved"
        described, approved = shop.story("P9:generic")
        with shop.store.read() as conn:
            written = [row.record for row in conn.execute(text("SELECT record FROM audit"))]
        assert shop.check_audit().whole
    assert (described.actor, approved.kind, approved.actor) == ("system", "approve", "李四")
    assert approved.output == described.output
    assert not any("李四" in record or "\\u674e\\u56db" in record for record in written)


def test_a_faulty_or_unknown_draft_is_not_approved(worked: Path, open_shop: Open) -> None:
    with open_shop() as shop:
        with pytest.raises(InputError, match="no draft"):
            shop.approve("P8:generic", "李四")
        with pytest.raises(InputError, match="needs a name"):
            shop.approve("P9:generic", " ")
        with shop.store.begin() as conn:
            stored = drafts.get(conn, "P9:generic")
            assert stored is not None
            drafts.put(conn, replace(stored, body="容量6L，一家人够用。"))
        with pytest.raises(InputError, match="may not go out"):
            shop.approve("P9:generic", "李四")
        assert [one.kind for one in shop.story("P9")] == ["describe", "recheck"]


def test_rows_carry_the_label_for_people_and_for_machines(
    worked: Path, open_shop: Open, tmp_path: Path
) -> None:
    (draft,) = rows(tmp_path / "d.jsonl")
    quote, greeting, order = rows(tmp_path / "a.jsonl")
    assert draft["label"] == "本文案由 AI 生成"
    assert draft["ai"]["generated"] is True
    assert draft["ai"]["model"] == "fake"
    assert draft["ai"]["service_provider"] == "炉语厨具店"
    assert "AI" not in quote["label"] + greeting["label"] + order["label"]
    assert quote["ai"]["generated"] is greeting["ai"]["generated"] is False
    assert order["ai"]["generated"] is False
    assert draft["label"] not in draft["body"]
    with open_shop() as shop:
        (chapter,) = shop.story("P9")
        (reply,) = shop.story("q2")
        stored = shop.store
        with stored.read() as conn:
            kept = drafts.get(conn, "P9:generic")
    assert chapter.output == draft["ai"]["content_id"]
    assert reply.output == greeting["ai"]["content_id"]
    assert kept is not None
    assert draft_content(b"x", kept) != draft["ai"]["content_id"]


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_tables_get_the_label_as_columns(
    worked: Path, open_shop: Open, tmp_path: Path, suffix: str
) -> None:
    out = tmp_path / f"d{suffix}"
    with open_shop(write=GOOD) as shop:
        shop.describe_to(out)
    if suffix == ".csv":
        with out.open(encoding="utf-8-sig", newline="") as file:
            (row,) = csv.DictReader(file)
    else:
        workbook = load_workbook(out)
        head, values = workbook.active.iter_rows(values_only=True)
        row = dict(zip(head, values, strict=True))
        whole = json.loads(workbook.custom_doc_props["AIGC"].value)
        assert (whole["Label"], whole["ContentProducer"]) == ("1", "炉语厨具店")
    assert row["label"] == "本文案由 AI 生成"
    assert json.loads(row["ai"])["service_provider"] == "炉语厨具店"


def test_rows_cut_off_the_end_are_missed(worked: Path, open_shop: Open) -> None:
    with open_shop() as shop:
        before = shop.check_audit()
        assert (before.whole, before.rows) == (True, 5)
        assert shop.check_audit(before.head.hash).whole
        with shop.store.begin() as conn:
            conn.execute(text("DROP TRIGGER audit_no_delete"))
            conn.execute(text("DELETE FROM audit WHERE sequence > 3"))
            assert audit.verify(conn, shop.vault.audit_key).broken is None
        after = shop.check_audit()
        assert (after.whole, after.broken) == (False, 4)
        assert "outside the database" in after.why
        (worked / HEAD_FILE).unlink()
        assert not shop.check_audit(before.head.hash).whole


def test_a_note_that_is_gone_is_missed_until_a_hash_from_elsewhere_is_given(
    worked: Path, open_shop: Open
) -> None:
    with open_shop() as shop:
        head = shop.check_audit().head
        (worked / HEAD_FILE).unlink()
        gone = shop.check_audit()
        assert (gone.whole, gone.broken) == (False, 6)
        assert "audit.head is missing" in gone.why
        shop.trail.note_head()
    with open_shop() as shop:
        assert not shop.check_audit().whole, "closing the shop must not cover the loss up"
        assert shop.check_audit(head.hash).whole
        assert shop.check_audit().whole


def test_a_wiped_trail_is_missed(worked: Path, open_shop: Open) -> None:
    (worked / HEAD_FILE).unlink()
    for ending in ("", "-wal", "-shm"):
        (worked / f"shop.sqlite{ending}").unlink(missing_ok=True)
    with open_shop() as shop:
        state = shop.check_audit()
    assert (state.whole, state.rows) == (False, 0)


def test_a_new_shop_has_a_whole_audit(open_shop: Open) -> None:
    with open_shop() as shop:
        assert shop.check_audit().whole
    with open_shop() as shop:
        assert shop.check_audit().whole


def test_a_forged_note_of_the_head_counts_for_nothing(worked: Path, open_shop: Open) -> None:
    note = worked / HEAD_FILE
    told = json.loads(note.read_text())
    assert told["sequence"] == 5
    for forged in ({**told, "sequence": 1}, {"sequence": 1}, [], "x"):
        note.write_text(json.dumps(forged))
        with open_shop() as shop:
            assert not shop.check_audit().whole
            shop.trail.note_head()
            assert not shop.check_audit().whole
            assert shop.check_audit(told["hash"]).whole
        assert json.loads(note.read_text())["sequence"] == 5


def test_who_approved_outlives_retention(worked: Path, open_shop: Open) -> None:
    with open_shop() as shop:
        shop.approve("P9:generic", "李四")
        shop.settings = shop.settings.model_copy(
            update={"retention_days": RetentionDays(replies=1)}
        )
        shop.apply_retention()
        assert shop.story("P9:generic")[-1].actor == "李四"


def test_an_erased_person_leaves_a_whole_audit(worked: Path, open_shop: Open) -> None:
    with open_shop() as shop:
        person = shop.vault.lookup_key("张三_88")
        trail = shop.trail
        with shop.store.begin() as conn:
            vault.erase_person(conn, person)
            trail.note(conn, "erase", person)
        assert shop.check_audit().whole
        (erased,) = shop.story("张三_88")
    assert (erased.kind, erased.subject) == ("erase", person)


def test_what_the_audit_does_not_know_is_said(worked: Path, open_shop: Open) -> None:
    with open_shop() as shop, pytest.raises(InputError, match="knows nothing of 'P77'"):
        shop.story("P77")


def test_the_model_is_named_where_it_was_asked(open_shop: Open, folder: Path) -> None:
    with open_shop() as shop:
        shop.import_folder(folder)
        (product,) = shop.products()
        draft = shop.describe(product)
        spent = [
            Receipt(purpose="describe.write", tier="model", prompt_tokens=9, ms=20.4),
            Receipt(purpose="claims.judge", tier="cache", prompt_tokens=7),
        ]
        trail = shop.trail
        with shop.store.begin() as conn:
            trail.describe(conn, product, draft, spent)
        (chapter,) = shop.story("P9")
    assert {v.name: v.then for v in chapter.versions}["model"] == "fake"
    assert (chapter.cost.calls, chapter.cost.cached_calls) == (1, 1)
    assert (chapter.cost.prompt_tokens, chapter.cost.ms) == (9, 20)


def test_a_draft_for_a_channel_that_is_gone_is_still_told(
    worked: Path, open_shop: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("zhanggui.audit.versions.channel_names", lambda: ["taobao"])
    with open_shop() as shop:
        (chapter,) = shop.story("P9")
    assert {v.name: v.now for v in chapter.versions}["channel"] == "changed"
