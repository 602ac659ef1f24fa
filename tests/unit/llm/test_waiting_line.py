from __future__ import annotations

from contextlib import ExitStack
from threading import Event, Thread

import pytest

from zhanggui.llm.engine import ChatMessage, Request, chat
from zhanggui.llm.fake import FakeEngine
from zhanggui.llm.waiting_line import InTurn, Place, WaitingLine

REQUEST = Request(messages=(ChatMessage("user", "在吗"),), purpose="test")


def test_who_came_first_is_first_and_bulk_work_comes_last() -> None:
    line = WaitingLine()
    taken: list[str] = []
    with ExitStack() as stack:
        holder = stack.enter_context(line.join())
        line.take(holder)
        with line.bulk():
            entered = [("bulk", bulk := line.join(), bulk.__enter__())]
        for name in ("first", "second"):
            entered.append((name, joined := line.join(), joined.__enter__()))
        assert [one.waiting.position for _, _, one in entered] == [3, 1, 2]

        def work(name: str, context: object, place: Place) -> None:
            line.take(place)
            taken.append(name)
            context.__exit__(None, None, None)  # type: ignore[attr-defined]

        threads = [Thread(target=work, args=one) for one in entered]
        for thread in threads:
            thread.start()
    for thread in threads:
        thread.join(30)
    assert taken == ["first", "second", "bulk"]


def test_who_does_not_ask_holds_nobody_up() -> None:
    line = WaitingLine()
    with line.join(), line.join() as place:
        line.take(place)
        assert place.waiting.position == 1


def test_a_turn_ends_also_with_an_error() -> None:
    line = WaitingLine()

    def fails() -> None:
        with line.join() as place:
            line.take(place)
            raise ValueError("gone")

    with pytest.raises(ValueError, match="gone"):
        fails()
    with line.join() as place:
        line.take(place)
        assert place.waiting.position == 0


def test_two_calls_of_one_question_take_one_turn_and_its_priority() -> None:
    line, engine = WaitingLine(), FakeEngine()
    with line.bulk(), line.join() as place:
        asking = InTurn(engine, place)
        assert asking.model == "fake"
        chat(asking, REQUEST)
        chat(asking, REQUEST)
    assert [request.priority for request in engine.history] == ["bulk", "bulk"]


def test_a_wider_line_lets_several_work() -> None:
    line = WaitingLine(2)
    second = Event()

    def work() -> None:
        with line.join() as place:
            line.take(place)
            second.set()

    with line.join() as place:
        line.take(place)
        thread = Thread(target=work)
        thread.start()
        assert second.wait(30)
    thread.join(30)


def test_a_processor_is_given_back_at_the_model_and_at_the_end() -> None:
    line = WaitingLine(width=200)
    with ExitStack() as stack:
        # More than there are processors: it would wait for ever for one that was not given back.
        for _ in range(150):
            asking = stack.enter_context(line.join())
            line.look(asking)
            line.take(asking)
            with line.join() as looked_up:
                line.look(looked_up)


def test_the_estimate_goes_by_those_before() -> None:
    line = WaitingLine(expected_seconds=2.0)
    with line.join(), line.join(), line.join() as place:
        assert place.waiting.seconds == 4.0
