"""A made-up shop in which one customer leaves traces everywhere, and what to look for."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from zhanggui.answering import Answering
from zhanggui.ingest.writers import open_rows
from zhanggui.records import Question, Reply

CUSTOMER = "buyer-canary-8"
STRINGS = (
    CUSTOMER,
    "欧阳雀鸣",
    "19900000001",
    "江苏省金丝雀市试验区试验路7号2幢",
    "试验路7号2幢",
    "240101-900000000000005",
    "SF9000000000006",
    "canary@example.com",
    "11010519491231002X",
)
ORDERS = [
    "order_id,customer_id,product_id,status,placed_at,tracking_no,receiver,phone,address",
    "240101-900000000000005,buyer-canary-8,P1,已发货,2026-03-01 10:00:00,SF9000000000006,"
    "欧阳雀鸣,19900000001,江苏省金丝雀市试验区试验路7号2幢",
    "B-2-00000000001,other-customer,P2,待发货,2026-09-01 10:00:00,,甄有余,19900000002,示例路1号",
]
REVIEWS = [
    "id,content",
    "R1,杯子不错，加我canary@example.com",
    "R2,客服让欧阳雀鸣帮我问的，电话199 0000 0001",
    "R3,很满意",
]
FAQ = ["question,answer", "老顾客有礼物吗,有。上月的得主是欧阳雀鸣。", "保温多久,12小时"]
TICKETS = [
    {
        "id": "T1",
        "customer_id": CUSTOMER,
        "product_id": "P1",
        "messages": [
            {"role": "customer", "text": "身份证11010519491231002X，邮箱canary@example.com"},
            {"role": "shop", "text": "欧阳雀鸣您好，试验路7号2幢已登记"},
        ],
    },
    {
        "id": "T2",
        "customer_id": "other-customer",
        "product_id": "P2",
        "messages": [{"role": "customer", "text": "欧阳雀鸣介绍我来的，她住试验路7号2幢"}],
    },
]
QUESTIONS = [
    {"id": "q1", "question": "我的快递到哪了", "customer_id": CUSTOMER},
    {"id": "q2", "question": "我的订单发货了吗", "customer_id": "other-customer"},
    {"id": "q3", "question": "保温多久"},
]


def write_shop(folder: Path) -> Path:
    """The shop's exports in `folder`."""
    (folder / "knowledge").mkdir(parents=True)
    (folder / "products.csv").write_text("id,title\nP1,保温杯\nP2,雨伞\n", encoding="utf-8")
    for name, lines in (("orders", ORDERS), ("reviews", REVIEWS), ("faq", FAQ)):
        text = "\n".join(lines) + "\n"
        (folder / f"{name}.csv").write_text(text, encoding="gb18030")
    write_lines(folder / "tickets.jsonl", TICKETS)
    policy = "# 退换货\n\n7天无理由退货。\n"
    (folder / "knowledge" / "退换货.md").write_text(policy, encoding="utf-8")
    return folder


def write_lines(path: Path, rows: list[dict[str, object]]) -> Path:
    """Rows as JSON lines."""
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    path.write_text(text, encoding="utf-8")
    return path


def ids(path: Path) -> list[str]:
    """The ids of an output's rows."""
    if path.suffix == ".jsonl":
        return [json.loads(line)["id"] for line in path.read_text("utf-8").splitlines()]
    if path.suffix == ".xlsx":
        with open_rows(path, mode="resume") as writer:
            lines = writer.path.read_text("utf-8").splitlines()
        return [json.loads(line)["id"] for line in lines]
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [row["id"] for row in csv.DictReader(file)]


def stop_at(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stops the shop, as Ctrl-C does, before it answers its question `number`."""
    answer, asked = Answering.answer, 0

    def stopped(answering: Answering, question: Question) -> Reply:
        nonlocal asked
        asked += 1
        if asked == number:
            raise KeyboardInterrupt
        return answer(answering, question)

    monkeypatch.setattr(Answering, "answer", stopped)


def files_with(folder: Path, strings: tuple[str, ...] = STRINGS) -> dict[str, list[str]]:
    """Which files under `folder` hold which strings: an independent, plain byte search."""
    found: dict[str, list[str]] = {}
    for file in folder.rglob("*"):
        data = file.read_bytes() if file.is_file() else b""
        for string in strings:
            encodings = ("utf-8", "utf-16-le", "gb18030")
            if any(string.encode(encoding) in data for encoding in encodings):
                found.setdefault(file.name, []).append(string)
    return found
