"""No un-redacted personal data at the wire, nor in any file under the home, nor in the log."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from canaries import ALL, FORMATTED, IDS, SAID, SPOKEN, TOLD, WHOLE, files_with, found_in
from recording_wire import Wire

from zhanggui.batch.reviews import read_file
from zhanggui.batch.texts import RedactStage, ScreenStage, texts_file
from zhanggui.knowledge.embedder import FakeEmbedder
from zhanggui.llm.engine import ChatMessage, Request, chat
from zhanggui.llm.open_engine import open_engine
from zhanggui.records import Message, Question
from zhanggui.settings import load_settings
from zhanggui.shop import Shop
from zhanggui.store import model_cache, replies
from zhanggui.telemetry import configure_logging

ORDERS = (
    "order_id,customer_id,product_id,status,tracking_no,receiver,phone,address\n"
    "240101-900000000000005,buyer-canary-8,P1,已发货,SF9000000000006,欧阳雀鸣,19900000007,"
    "江苏省金丝雀市试验区试验路7号2幢\n"
)
PRODUCTS = (
    "id,title,category,attributes\n"
    "P1,雾岚保温杯,保温杯,容量:500ml;内胆材质:316不锈钢;净重:285g;颜色:雾白;产地:浙江永康;"
    "质保:1年;杯盖材质:PP\n"
)
# Only near to what is known, so that the model is asked to pick.
NEAR = "容量够不够两个人喝一天"
ASKED = [
    *(f"{NEAR}，{part}" for part in SAID.split("，")),
    f"{NEAR}，我叫林晓月",
    f"{NEAR}，我住浙江省杭州市西湖区试验路9号3幢502室",
]


@pytest.fixture
def exports(tmp_path: Path) -> Path:
    folder = tmp_path / "exports"
    (folder / "knowledge").mkdir(parents=True)
    (folder / "products.csv").write_text(PRODUCTS, encoding="utf-8")
    (folder / "orders.csv").write_text(ORDERS, encoding="utf-8")
    (folder / "reviews.csv").write_text(
        f'id,content\n{IDS["review"]},"还行吧。{SAID}。{TOLD}"\n', encoding="utf-8"
    )
    (folder / "faq.csv").write_text(
        f'question,answer\n热水保温几个小时,"要看气温，可联系我们：{SAID}"\n', encoding="utf-8"
    )
    ticket = {
        "id": IDS["ticket"],
        "customer_id": "buyer-canary-8",
        "messages": [
            {"role": "customer", "text": f"{SAID}。{TOLD}"},
            {"role": "shop", "text": f"收到{SAID}"},
        ],
    }
    (folder / "tickets.jsonl").write_text(json.dumps(ticket), encoding="utf-8")
    (folder / "knowledge" / "售后.md").write_text(f"# 售后\n\n{SAID}\n", encoding="utf-8")
    return folder


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def shop(home: Path, exports: Path, wire: Wire) -> Iterator[Shop]:
    """The shop with a remote engine, its cache in the store."""
    settings = load_settings(home, endpoint=wire.url, model="remote", api_key="made-up")
    with Shop.open(settings, embedder=FakeEmbedder()) as opened:
        opened.import_folder(exports)
        yield opened


def test_the_plain_search_would_find_a_canary(tmp_path: Path) -> None:
    for number, canary in enumerate(ALL):
        for encoding in ("utf-8", "utf-16-le", "gb18030", "unicode-escape"):
            file = tmp_path / f"{number}.txt"
            file.write_bytes(b"x" + canary.encode(encoding))
            assert canary in files_with(tmp_path)[file.name]


def test_an_import_leaves_no_canary(shop: Shop, home: Path) -> None:
    assert files_with(home) == {}


def test_answers_send_no_canary_over_the_wire_and_leave_none(
    shop: Shop, home: Path, tmp_path: Path, wire: Wire
) -> None:
    history = (Message("customer", f"{SAID}。{TOLD}"), Message("shop", f"好的，{SAID}"))
    rows = [
        *(Question(id=f"a{n}", question=text, product_id="P1") for n, text in enumerate(ASKED)),
        Question(id="b", question=SAID, customer_id="buyer-canary-8", history=history),
        Question(id="c", question=NEAR, product_id="P1", history=history),
        Question(id="d", question="我的快递到哪了", customer_id="buyer-canary-8"),
        Question(id="e", question=f"{TOLD}，{NEAR}", product_id="P1"),
        *(
            Question(id=IDS[name], question="你好")
            for name in ("phone", "e-mail", "name", "account")
        ),
        Question(id=IDS["customer"], question="你好", customer_id="buyer-canary-8"),
    ]
    told = [
        {
            "id": row.id,
            "question": row.question,
            "product_id": row.product_id,
            "customer_id": row.customer_id,
            "history": [{"role": turn.role, "text": turn.text} for turn in row.history],
        }
        for row in rows
    ]
    asked = tmp_path / "questions.jsonl"
    asked.write_text("".join(json.dumps(row) + "\n" for row in told), encoding="utf-8")
    out = tmp_path / "replies.jsonl"
    shop.answer_to(out, asked)
    sent = "".join(wire.prompts)
    # These questions reach the model; the others are handed over before.
    for name in (
        "[PHONE_1]",
        "[LANDLINE_1]",
        "[ID_CARD_1]",
        "[EMAIL_1]",
        "[NAME_1]",
        "[ADDRESS_1]",
    ):
        assert name in sent
    assert found_in(b"\n".join(wire.received)) == []
    assert files_with(home) == {}
    with shop.store.read() as conn:
        stored = {reply.id: reply.text for reply in replies.every(conn)}
        person = shop.vault.lookup_key("buyer-canary-8")
        assert "〔快递单号·" in stored["d"]
        assert "SF9000000000006" in shop.vault.restore(conn, stored["d"], person)
    # The customer is entitled to her own tracking number, and gets it.
    assert "SF9000000000006" in out.read_text("utf-8")
    answered = [json.loads(line)["id"] for line in out.read_text("utf-8").splitlines()]
    assert answered == [row.id for row in rows], "the user's file keeps the user's ids"
    for name in ("phone", "e-mail", "name", "account", "customer"):
        (told_of,) = shop.story(IDS[name])
        assert (told_of.kind, told_of.output_now) == ("answer", "same")


def test_the_kept_answers_of_the_model_hold_placeholders_only(
    shop: Shop, home: Path, wire: Wire
) -> None:
    wire.answer = lambda _: "已登记[PHONE_1]和[EMAIL_1]"
    engine = shop.engine
    request = Request(messages=(ChatMessage("user", f"请登记：{SAID}"),), purpose="test.talk")
    assert chat(engine, request).text == "已登记19900000007和canary@example.com"
    assert chat(engine, request).text == "已登记19900000007和canary@example.com"
    assert len(wire.prompts) == 1, "the second answer came from the cache"
    assert found_in(b"\n".join(wire.received)) == []
    assert files_with(home) == {}
    with shop.store.read() as conn:
        assert model_cache.get(conn, "no such key") is None


def test_descriptions_and_reviews_send_no_canary(
    shop: Shop, exports: Path, home: Path, wire: Wire
) -> None:
    # A shop that writes its number into a product; product texts are its own.
    noted = PRODUCTS.replace("净重:285g", f"净重:285g;备注:客服{SAID.split('，')[0]}")
    (exports / "products.csv").write_text(noted, encoding="utf-8")
    shop.import_folder(exports)
    shop.describe_to(home / "drafts.jsonl")
    assert len(wire.prompts) >= 1
    engine = open_engine(shop.settings)
    readings = exports / "readings.jsonl"
    summary = read_file(exports / "reviews.csv", readings, engine=engine, model_budget=5)
    assert summary.asked == 1
    assert "还行吧" in wire.prompts[-1]
    assert found_in(b"\n".join(wire.received)) == []
    # The shop's own number is in the shop's own product, and thus in its drafts.
    assert files_with(home, set(ALL) - {"19900000007"}) == {}
    assert found_in(readings.read_bytes(), set(ALL) - {IDS["review"]}) == []


def test_redact_and_screen_leave_no_canary(shop: Shop, home: Path, exports: Path) -> None:
    texts = exports / "texts.jsonl"
    row = {"id": "1", "text": f"{SAID}。{TOLD}", "note": f"{TOLD}", "more": [SAID]}
    texts.write_text(json.dumps(row) + "\n", encoding="utf-8")
    redacted = exports / "redacted.jsonl"
    texts_file(texts, redacted, RedactStage())
    texts_file(texts, home / "screened.jsonl", ScreenStage())
    (safe,) = [json.loads(line) for line in redacted.read_text("utf-8").splitlines()]
    # By contract this column tells what was found; whoever passes the file on leaves it out.
    assert {one["text"] for one in safe.pop("entities")} >= {*FORMATTED, *SPOKEN}
    assert found_in(json.dumps(safe, ensure_ascii=False).encode()) == []
    told = files_with(home)
    assert set(told) <= {"screened.jsonl"}


def test_the_log_names_nobody(
    shop: Shop, exports: Path, home: Path, capsys: pytest.CaptureFixture[str], wire: Wire
) -> None:
    configure_logging(json_lines=True, debug=True)
    wire.answer = lambda _: f"no JSON but {SAID}"
    shop.import_folder(exports)
    shop.answer(Question(id="a", question=ASKED[0], product_id="P1"))
    shop.describe_to(home / "drafts.jsonl")
    assert len(wire.prompts) >= 2
    shown = capsys.readouterr()
    assert found_in((shown.err + shown.out).encode()) == []
    assert files_with(home, WHOLE) == {}


def test_one_value_has_one_name_through_a_conversation(shop: Shop, wire: Wire) -> None:
    """The model can follow who is who, in the store and in a prompt."""
    with shop.store.begin() as conn:
        turns = [
            shop.vault.redact(conn, text, "buyer-canary-8")
            for text in (
                "我电话19900000007",
                "是199-0000-0007吗",
                "对，１９９００００" + "０００７",
            )
        ]
        other = shop.vault.redact(conn, "我电话19900000007", "somebody-else")
    names = {turn[turn.index("〔") : turn.index("〕") + 1] for turn in turns}
    assert len(names) == 1
    assert names.pop().startswith("〔手机号·")
    assert other not in turns

    talk = ("我电话19900000007", "也可打19900000008", "还是打19900000007吧")
    messages = tuple(ChatMessage("user", text) for text in talk)
    chat(shop.engine, Request(messages=messages, purpose="test.talk"))
    assert wire.prompts[-1] == "我电话[PHONE_1]\n也可打[PHONE_2]\n还是打[PHONE_1]吧"


def test_formatted_canaries_are_all_there() -> None:
    assert found_in(SAID.encode()) == list(FORMATTED)
