"""The label that AI-made text carries: words that people see, and the same for machines.

《人工智能生成合成内容标识办法》 asks for both. Whose text is AI-made is decided in
docs/decisions/2026-11-24-which-text-is-labelled-ai.md.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

from zhanggui.records import Draft, Reply, ReplyTier
from zhanggui.text.datafile import DataModel, load
from zhanggui.text.language import Language, language_of


class _ReplyWords(DataModel):
    model: str
    quote: str
    approved: str
    rule: str


class _Words(DataModel):
    draft: str
    reply: _ReplyWords


class _Labels(DataModel):
    zh: _Words
    en: _Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """The label for machines."""

    generated: bool
    """Whether AI made the text."""
    model: str | None
    """The language model that worded it or chose its source, if one did."""
    service_provider: str
    """Who is responsible; the setting `responsible`."""
    content_id: str
    """Names this text; the audit knows it as the hash of the output."""


def draft_label(draft: Draft) -> str:
    """The words to show beside a draft, in its language; none if AI did not make it."""
    if not draft_is_ai(draft):
        return ""
    return _words(language_of(" ".join(draft.copy.parts().values()))).draft


def reply_label(reply: Reply) -> str:
    """The words to show beside a reply, in its language."""
    words = _words(language_of(reply.text)).reply
    by_tier: dict[ReplyTier, str] = {
        "model": words.model,
        "quote": words.quote,
        "approved": words.approved,
        "rule": words.rule,
    }
    return by_tier["rule" if reply.decision == "hand_over" else reply.tier]


def draft_is_ai(draft: Draft) -> bool:
    """Whether AI made the draft; a list of attributes is no such thing."""
    return draft.tier == "model"


def reply_is_ai(reply: Reply) -> bool:
    """Whether AI made the reply: all but fixed sentences and order rows."""
    return reply.decision != "hand_over" and reply.tier != "rule"


def columns(label: str, metadata: Metadata) -> dict[str, Any]:
    """The columns that an output row gets."""
    return {"label": label, "ai": asdict(metadata)}


def file_metadata(responsible: str, content_id: str) -> str:
    """The value of the `AIGC` key in a file's metadata, in the form of GB 45438-2025."""
    # 1: it is AI-made (2 and 3 are for platforms that suspect so).
    elements = {"Label": "1", "ContentProducer": responsible, "ProduceID": content_id}
    return json.dumps(elements, ensure_ascii=False)


def _words(language: Language) -> _Words:
    labels = load(_Labels, "zhanggui", "labels.yaml")
    return labels.zh if language == "zh" else labels.en
