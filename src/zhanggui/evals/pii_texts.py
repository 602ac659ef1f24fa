"""Texts with known personal data: filled customer chat, English messages, news, our own cases."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from zhanggui.evals.spans import Span
from zhanggui.text.datafile import DataModel, load

_PLACEHOLDER = re.compile(
    r"订单编号:\[(?P<numbered>数字|订单)x\]|\[(?P<kind>姓名|地址|电话|数字|订单|身份证号|邮箱|日期|时间|金额"
    r"|站点|组织机构|链接)x\]|\[(?P<order>ORDERID)_\d+\]"
)
_LEFT = re.compile(r"\[[^\[\]]*x\]|\[[A-Z]+_\d+\]|\[链|x\]")
# The masking of the corpus cut some numbers to pieces; nobody typed what filling makes of them.
_NUMBERS = r"\[(?:电话|订单|身份证号)x\]"
_CUT = re.compile(rf"[A-Za-z\d\]]{_NUMBERS}|{_NUMBERS}[A-Za-z\d\[]")
_EMOTICON = re.compile(r"#E-s\[数字x\]")
_TYPES = {
    "姓名": "NAME", "地址": "ADDRESS", "电话": "PHONE", "订单": "ORDER_NO", "ORDERID": "ORDER_NO",
    "身份证号": "ID_CARD", "邮箱": "EMAIL",
}  # fmt: skip
_PRESIDIO = {
    "PERSON": "NAME", "STREET_ADDRESS": "ADDRESS", "PHONE_NUMBER": "PHONE",
    "CREDIT_CARD": "BANK_CARD", "EMAIL_ADDRESS": "EMAIL", "IP_ADDRESS": "IP",
}  # fmt: skip

Fill = Callable[[str], str]
"""A made-up value for a kind of placeholder, such as 姓名."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """A text and the personal data in it."""

    text: str
    spans: tuple[Span, ...]


def chat(data: Path, fill: Fill) -> Iterator[Labelled]:
    """The messages of JDDC with their placeholders filled; those that cannot be are left out."""
    for message in _messages(data):
        labelled = _filled(message, fill)
        if labelled is not None:
            yield labelled


def _messages(data: Path) -> Iterator[str]:
    with gzip.open(data / "jddc_chat/chat.dev.tsv.gz", "rt", encoding="utf-8") as file:
        for line in file:
            yield line.rstrip("\n").split("\t")[-1]
    with gzip.open(data / "jddc_pairs/train.jsonl.gz", "rt", encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            yield from (turn for turn in f"{row['context']},{row['reply']}".split(",") if turn)


def _filled(message: str, fill: Fill) -> Labelled | None:
    message = _EMOTICON.sub("", message).strip()
    if _CUT.search(message):
        return None
    pieces: list[str] = []
    spans: list[Span] = []
    end = length = 0
    for match in _PLACEHOLDER.finditer(message):
        kind = match["kind"] or match["order"] or "订单"
        before = message[end : match.start()] + ("订单编号:" if match["numbered"] else "")
        value = fill(kind)
        length += len(before)
        if kind in _TYPES:
            spans.append((_TYPES[kind], length, length + len(value)))
        length += len(value)
        pieces += [before, value]
        end = match.end()
    text = "".join((*pieces, message[end:]))
    return None if _LEFT.search(text) or not text else Labelled(text, tuple(spans))


def english(data: Path) -> Iterator[Labelled]:
    """The messages of presidio_pii with those of their types that Zhanggui has."""
    path = data / "presidio_pii/synth_dataset_v2.dev.jsonl.gz"
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            spans = tuple(
                (_PRESIDIO[one["entity_type"]], one["start_position"], one["end_position"])
                for one in row["spans"]
                if one["entity_type"] in _PRESIDIO
            )
            yield Labelled(row["full_text"], spans)


def news(data: Path) -> Iterator[Labelled]:
    """The sentences of CLUENER with their names and addresses."""
    with gzip.open(data / "cluener/train.jsonl.gz", "rt", encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            spans = tuple(
                (kind, start, last + 1)
                for label, kind in (("name", "NAME"), ("address", "ADDRESS"))
                for places in row["label"].get(label, {}).values()
                for start, last in places
            )
            yield Labelled(row["text"], spans)


class _Case(DataModel):
    text: str
    found: tuple[tuple[str, str], ...] = ()


class _Cases(DataModel):
    cases: tuple[_Case, ...]


def cases() -> list[Labelled]:
    """Our own cases of every type, and texts that hold nothing personal."""
    labelled: list[Labelled] = []
    for case in load(_Cases, "zhanggui.evals", "cases/pii.yaml").cases:
        spans: list[Span] = []
        at = 0
        for kind, value in case.found:
            at = case.text.index(value, at)
            spans.append((kind, at, at + len(value)))
            at += len(value)
        labelled.append(Labelled(case.text, tuple(spans)))
    return labelled
