from __future__ import annotations

import json
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from zhanggui.llm.engine import ChatMessage, Request, chat
from zhanggui.llm.fake import FakeEngine
from zhanggui.llm.redaction import Redacting, Restorer
from zhanggui.llm.wrappers import Cached

_PHONE, _OTHER = "13800001111", "13900002222"


def _request(*texts: str, **given: object) -> Request:
    messages = tuple(ChatMessage("user", text) for text in texts)
    return Request(messages=messages, purpose="test.talk", **given)  # type: ignore[arg-type]


def _echo(request: Request) -> str:
    return request.messages[-1].content


def test_the_model_sees_placeholders_and_the_caller_values() -> None:
    inner = FakeEngine(_echo, piece=1)
    told = f"我的手机号是{_PHONE}，打不通就打{_OTHER}，还是{_PHONE}"
    assert chat(Redacting(inner), _request(told)).text == told
    seen = inner.history[0].messages[0].content
    assert seen == "我的手机号是[PHONE_1]，打不通就打[PHONE_2]，还是[PHONE_1]"


def test_numbering_goes_on_over_messages() -> None:
    inner = FakeEngine(_echo)
    chat(Redacting(inner), _request(f"打{_PHONE}", f"改成{_OTHER}"))
    assert [message.content for message in inner.history[0].messages] == [
        "打[PHONE_1]",
        "改成[PHONE_2]",
    ]


def test_a_typed_placeholder_gets_no_value() -> None:
    inner = FakeEngine(_echo)
    told = f"[PHONE_1]是谁的？我的是{_PHONE}"
    assert chat(Redacting(inner), _request(told)).text == told
    assert inner.history[0].messages[0].content == "[PHONE_1]是谁的？我的是[PHONE_2]"


def test_the_schema_hides_too_and_json_stays_json() -> None:
    schema = {
        "type": "object",
        "properties": {"phone": {"enum": [_PHONE]}},
        "required": ["phone"],
    }
    inner = FakeEngine()
    answer = chat(Redacting(inner), _request(f"核对{_PHONE}", json_schema=schema)).text
    assert json.loads(answer) == {"phone": _PHONE}
    assert _PHONE not in json.dumps(inner.history[0].json_schema)


def test_the_cache_hits_for_another_number_and_holds_none() -> None:
    entries: dict[str, str] = {}

    class Memory:
        def get(self, key: str) -> str | None:
            return entries.get(key)

        def put(self, key: str, value: str) -> None:
            entries[key] = value

    inner = FakeEngine(_echo)
    engine = Redacting(Cached(inner, Memory()))
    assert chat(engine, _request(f"打{_PHONE}")).text == f"打{_PHONE}"
    assert chat(engine, _request(f"打{_OTHER}")).text == f"打{_OTHER}"
    assert len(inner.history) == 1
    assert _PHONE not in "".join(entries.values())


_VALUES = {"[PHONE_1]": _PHONE, "[PHONE_12]": _OTHER, "[EMAIL_1]": "a@example.com"}
_PIECES = st.lists(st.sampled_from([*_VALUES, "[", "]", "[PHONE_", "1", "好", "[PHONE_9]"]))


@given(_PIECES, st.lists(st.integers(0, 60), max_size=12))
def test_restoring_does_not_depend_on_where_the_stream_is_cut(
    pieces: list[str], cuts: list[int]
) -> None:
    text = "".join(pieces)
    whole = Restorer(_VALUES)
    expected = whole.feed(text) + whole.rest()
    places = sorted({0, len(text), *(cut for cut in cuts if cut < len(text))})
    restorer = Restorer(_VALUES)
    said = "".join(restorer.feed(text[start:end]) for start, end in pairwise(places))
    assert said + restorer.rest() == expected
    assert not any(name in expected for name in _VALUES)


def test_only_what_may_become_a_placeholder_is_held_back() -> None:
    restorer = Restorer(_VALUES)
    assert restorer.feed("您好[重要") == "您好[重要"
    assert restorer.feed("打[PHO") == "打"
    assert restorer.feed("NE_1]") == _PHONE
    assert restorer.feed("[PHONE_") + restorer.rest() == "[PHONE_"


def test_names_go_under_placeholders_and_come_back() -> None:
    inner = FakeEngine(_echo, piece=1)
    told = f"收件人：王小明，电话{_PHONE}"
    assert chat(Redacting(inner), _request(told)).text == told
    assert inner.history[0].messages[0].content == "收件人：[NAME_1]，电话[PHONE_1]"


def test_a_schema_hides_the_names_of_its_messages() -> None:
    schema = {"type": "object", "properties": {"who": {"enum": ["王小明"]}}, "required": ["who"]}
    inner = FakeEngine()
    answer = chat(Redacting(inner), _request("收件人：王小明", json_schema=schema)).text
    assert json.loads(answer) == {"who": "王小明"}
    assert inner.history[0].json_schema is not None
    assert "王小明" not in json.dumps(inner.history[0].json_schema, ensure_ascii=False)


def test_a_model_of_ones_own_is_told_names_but_no_numbers() -> None:
    inner = FakeEngine(_echo)
    chat(Redacting(inner, people=False), _request(f"收件人：王小明，电话{_PHONE}"))
    assert inner.history[0].messages[0].content == "收件人：王小明，电话[PHONE_1]"


def test_the_system_message_stays_as_it_is() -> None:
    inner = FakeEngine(_echo)
    messages = (ChatMessage("system", "你是王先生的助手。"), ChatMessage("user", "在吗"))
    chat(Redacting(inner), Request(messages=messages, purpose="test.talk"))
    assert inner.history[0].messages[0].content == "你是王先生的助手。"
