from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhanggui import telemetry
from zhanggui.telemetry import configure_logging, hide, log, masked


@pytest.fixture(autouse=True)
def _as_it_was(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(telemetry, "_secrets", set())
    logger = logging.getLogger("zhanggui")
    before = (logger.handlers[:], logger.propagate, logger.level)
    yield
    logger.handlers[:], logger.propagate, logger.level = before[0], before[1], before[2]


@pytest.mark.parametrize("json_lines", [True, False])
def test_a_hidden_secret_is_in_no_log_line(
    capsys: pytest.CaptureFixture[str], json_lines: bool
) -> None:
    hide("made-up-secret")
    hide('quoted"密钥')
    configure_logging(json_lines=json_lines, debug=True)
    log("refused made-up-secret", level=logging.WARNING, detail="key=made-up-secret", count=3)
    log("other", level=logging.WARNING, detail='quoted"密钥')
    try:
        raise ValueError("made-up-secret")
    except ValueError:
        logging.getLogger("zhanggui").exception("failed")
    told = capsys.readouterr().err
    assert "made-up-secret" not in told
    assert "密钥" not in told
    assert "refused ***" in told
    if json_lines:
        first = json.loads(told.splitlines()[0])
        assert (first["detail"], first["count"]) == ("key=***", 3)


def test_a_word_too_short_for_a_secret_stays() -> None:
    hide("ab")
    hide("")
    assert masked("about abacus") == "about abacus"


@given(st.text(), st.lists(st.text(min_size=6), min_size=1), st.text())
def test_no_hidden_secret_is_left(before: str, secrets: list[str], after: str) -> None:
    telemetry._secrets.clear()
    for secret in secrets:
        hide(secret)
    told = masked(before + secrets[0] + after)
    longest = max(secrets, key=len)
    assert longest not in told or set(longest) == {"*"}
    assert masked("nothing here") == "nothing here" or any(s in "nothing here" for s in secrets)
