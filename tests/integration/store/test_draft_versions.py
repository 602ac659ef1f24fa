"""Versions of drafts and their steps, on both databases."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from threading import Thread

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, create_engine, inspect, text

from zhanggui import store as store_package
from zhanggui.records import Draft, Reason, Verdict
from zhanggui.store import drafts, erasure
from zhanggui.store.codec import encode
from zhanggui.store.database import Store
from zhanggui.store.drafts import SYSTEM, Grounds


def draft(key: str = "P1:taobao", body: str = "双层真空。", **changed: object) -> Draft:
    made = Draft(
        id=key,
        product_id=key.partition(":")[0],
        channel=key.split(":")[1],
        title="杯",
        bullets=("保温12小时",),
        body=body,
        verdict=Verdict(claims=(), violations=()),
        tier="rule",
    )
    return replace(made, **changed)  # type: ignore[arg-type]


def states(conn: Connection, key: str = "P1:taobao") -> list[str]:
    return [one.draft.state for one in drafts.versions(conn, key)]


def test_versions_are_numbered_and_keep_their_words(store: Store) -> None:
    with store.begin() as conn:
        first = drafts.put(conn, draft(), grounds=Grounds("facts", "law"))
        second = drafts.put(conn, draft(body="改过。"))
        known = drafts.versions(conn, "P1:taobao")
        assert drafts.newest(conn, "P1:taobao") == second == known[1]
        assert drafts.newest(conn, "P9:taobao") is None
    assert [one.number for one in known] == [1, 2]
    assert [one.draft.body for one in known] == ["双层真空。", "改过。"]
    assert (first.grounds, first.author) == (Grounds("facts", "law"), SYSTEM)


def test_a_new_version_replaces_what_waits_and_nothing_else(store: Store) -> None:
    with store.begin() as conn:
        one = drafts.put(conn, draft())
        drafts.move(conn, one, "approved", kind="approve", actor="甲")
        drafts.put(conn, draft(body="二"))
        drafts.put(conn, draft(body="三"), author="甲", kind="edit")
        drafts.put(conn, draft(body="四"))
        assert states(conn) == ["approved", "replaced", "draft", "draft"]
        drafts.put(conn, draft(body="五"), author="乙", kind="edit")
        assert states(conn) == ["approved", "replaced", "replaced", "replaced", "draft"]


def test_every_step_is_noted_in_order(store: Store) -> None:
    why = (Reason(kind="said", text="语气不对"),)
    with store.begin() as conn:
        one = drafts.put(conn, draft())
        drafts.move(conn, one, "rejected", kind="reject", actor="〔姓名·abc〕", reasons=why)
        drafts.put(conn, draft(body="二", state="needs_review"), reasons=why[:0])
        told = drafts.steps(conn, "P1:taobao")
        last = drafts.reasons(conn, drafts.versions(conn, "P1:taobao"))
    assert [(step.number, step.version, step.state, step.kind) for step in told] == [
        (1, 1, "draft", "describe"),
        (2, 1, "rejected", "reject"),
        (3, 2, "needs_review", "describe"),
    ]
    assert (told[1].actor, told[1].reasons) == ("〔姓名·abc〕", why)
    assert {key: step.number for key, step in last.items()} == {
        ("P1:taobao", 1): 2,
        ("P1:taobao", 2): 3,
    }


def test_live_is_the_published_version_else_the_approved(store: Store) -> None:
    def live(conn: Connection) -> dict[str, tuple[str, int]]:
        return {key: (one.id, one.number) for key, one in drafts.live(conn, "taobao").items()}

    with store.begin() as conn:
        first = drafts.put(conn, draft())
        drafts.put(conn, draft("P1:shopify", state="published"))
        drafts.put(conn, draft("P2:taobao", state="needs_review"))
        assert live(conn) == {}
        approved = drafts.move(conn, first, "approved", kind="approve")
        assert live(conn) == {"P1": ("P1:taobao", 1)}
        drafts.put(conn, draft("P1:taobao:2", state="approved"))
        assert live(conn) == {"P1": ("P1:taobao:2", 1)}, "the one that was approved last"
        drafts.move(conn, approved, "published", kind="publish")
        drafts.put(conn, draft("P1:taobao:2", body="二", state="approved"))
        assert live(conn) == {"P1": ("P1:taobao", 1)}, "published stands before approved"


def test_what_was_let_out_last_is_known_after_it_fell(store: Store) -> None:
    with store.begin() as conn:
        assert drafts.last_approved(conn, "P1:taobao") is None
        one = drafts.put(conn, draft())
        assert drafts.last_approved(conn, "P1:taobao") is None
        one = drafts.move(conn, one, "approved", kind="approve")
        one = drafts.move(conn, one, "needs_review", kind="recheck")
        assert drafts.last_approved(conn, "P1:taobao") == one
        drafts.move(conn, one, "rejected", kind="reject")
        assert drafts.last_approved(conn, "P1:taobao") is None


def test_what_stands_on_other_facts_or_another_law_is_found(store: Store) -> None:
    with store.begin() as conn:
        one = drafts.put(conn, draft(), grounds=Grounds("f1", "law1"))
        two = drafts.put(conn, draft("P2:taobao"), grounds=Grounds("f2", "law2"))
        drafts.put(conn, draft("P3:taobao", state="rejected"), grounds=Grounds("f0", "law0"))
        assert drafts.unlike(conn, {"P1": "f1", "P2": "f2"}, "gone") == []
        assert drafts.unlike(conn, {"P1": "f9", "P2": "f2"}, "gone") == [("P1:taobao", 1)]
        assert drafts.unlike(conn, {"P1": "f1"}, "gone") == [("P2:taobao", 1)]
        assert drafts.under_other_rules(conn, "law2") == [("P1:taobao", 1)]
        verdict = replace(one.draft.verdict, violations=())
        drafts.judge(conn, one, verdict, Grounds("f1", "law2"))
        assert drafts.under_other_rules(conn, "law2") == []
        keys = [("P2:taobao", 1), ("P1:taobao", 1), ("P1:taobao", 7)]
        assert [found.id for found in drafts.chosen(conn, keys)] == ["P2:taobao", "P1:taobao"]
        assert drafts.chosen(conn, [("P2:taobao", 1)]) == [two]


def test_a_persons_words_leave_versions_and_steps(store: Store) -> None:
    why = (Reason(kind="said", text="张三_88说的"),)
    with store.begin() as conn:
        one = drafts.put(conn, draft(body="张三_88 喜欢。"))
        drafts.move(conn, one, "rejected", kind="reject", reasons=why)
        done = erasure.conceal(
            conn, lambda held: "张三_88" in held, lambda held: held.replace("张三_88", "〔某人〕")
        )
        (version,) = drafts.versions(conn, "P1:taobao")
        told = drafts.steps(conn, "P1:taobao")[-1]
    assert (done["draft_versions"], done["draft_steps"]) == (1, 1)
    assert version.draft.body == "〔某人〕 喜欢。"
    assert told.reasons[0].text == "〔某人〕说的"


def test_writers_of_one_draft_take_turns(store: Store) -> None:
    def write(name: int) -> None:
        for number in range(5):
            with store.begin() as conn:
                drafts.put(conn, draft(body=f"{name}.{number}"))

    threads = [Thread(target=write, args=(name,)) for name in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.read() as conn:
        numbers = [one.number for one in drafts.versions(conn, "P1:taobao")]
        steps = [one.number for one in drafts.steps(conn, "P1:taobao")]
    assert numbers == list(range(1, 21))
    assert steps == list(range(1, 40))


@pytest.fixture
def older(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database as it was before drafts had versions, with one approved draft."""
    url = f"sqlite:///{(tmp_path / 'old.sqlite').as_posix()}"
    if request.param == "postgres":
        url = str(request.getfixturevalue("empty_postgres_url"))
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    config = Config()
    scripts = Path(str(store_package.__file__)).parent / "migrations"
    config.set_main_option("script_location", str(scripts))
    with engine.begin() as conn:
        config.attributes["connection"] = conn
        command.upgrade(config, "0003")
        row = {"record": encode(draft(state="approved")), "at": "2026-11-01 08:00:00"}
        conn.execute(
            text(
                "INSERT INTO drafts (id, product_id, channel, state, written_at, record) "
                "VALUES ('P1:taobao', 'P1', 'taobao', 'approved', :at, :record)"
            ),
            row,
        )
    engine.dispose()
    return url


@pytest.mark.parametrize("older", ["sqlite", "postgres"], indirect=True)
def test_drafts_of_an_older_home_are_taken_over(older: str) -> None:
    with Store.open(older) as store, store.read() as conn:
        (version,) = drafts.versions(conn, "P1:taobao")
        (step,) = drafts.steps(conn, "P1:taobao")
        assert drafts.live(conn, "taobao") == {"P1": version}
        # Nobody noted the facts and the law that it was judged by.
        assert drafts.under_other_rules(conn, "law") == [("P1:taobao", 1)]
        assert drafts.unlike(conn, {"P1": "f1"}, "gone") == [("P1:taobao", 1)]
        assert "drafts" not in inspect(conn).get_table_names()
    assert (version.number, version.draft, version.author) == (1, draft(state="approved"), SYSTEM)
    assert version.written_at.isoformat() == "2026-11-01T08:00:00+00:00"
    assert (step.kind, step.state, step.reasons) == ("describe", "approved", ())
