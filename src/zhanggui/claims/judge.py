"""The optional judge: what rules cannot decide is asked, one constrained choice each."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Literal, Protocol

from zhanggui.claims.lexicon import PACKAGE
from zhanggui.errors import InvalidOutput
from zhanggui.guard.untrusted import cleaned
from zhanggui.llm.engine import ChatMessage, Engine, Request, chat
from zhanggui.records import Fact
from zhanggui.text.datafile import DataModel, load

Judgement = Literal["supported", "unsupported", "opinion"]

_SCHEMA = {
    "type": "object",
    "properties": {"verdict": {"enum": ["supported", "unsupported", "opinion"]}},
    "required": ["verdict"],
    "additionalProperties": False,
}


class Judge(Protocol):
    """Decides a statement that no rule could prove."""

    def judge(self, statement: str, facts: Sequence[Fact]) -> Judgement:
        """Whether `facts` prove `statement`, do not, or it is a matter of taste."""
        ...


class _Prompt(DataModel):
    system: str


class ModelJudge:
    """Asks a language model; anything but a clear answer is `unsupported`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def judge(self, statement: str, facts: Sequence[Fact]) -> Judgement:
        system = load(_Prompt, PACKAGE, "prompts/judge.yaml").system
        known = {fact.attribute: fact.value for fact in facts}
        data = cleaned({"facts": known, "statement": statement})
        user = json.dumps(data, ensure_ascii=False)
        request = Request(
            messages=(ChatMessage("system", system), ChatMessage("user", user)),
            purpose="claims.judge",
            max_tokens=32,
            json_schema=_SCHEMA,
        )
        try:
            verdict = json.loads(chat(self._engine, request).text).get("verdict")
        except (InvalidOutput, ValueError, AttributeError):
            return "unsupported"
        if verdict == "supported" or verdict == "opinion":
            return verdict  # type: ignore[no-any-return]
        return "unsupported"
