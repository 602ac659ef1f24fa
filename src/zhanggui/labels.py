"""The label that AI-made text carries: words that people see, and the same for machines.

《人工智能生成合成内容标识办法》 asks for both. Whose text is AI-made is decided in
docs/decisions/2026-11-24-which-text-is-labelled-ai.md and 2026-11-25-automatic-reply-or-ai.md.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from zhanggui.records import Draft, Reply, ReplyTier
from zhanggui.text.datafile import DataModel, load
from zhanggui.text.language import Language, language_of

_ID_SIZE = 32


class _ReplyWords(DataModel):
    model: str
    quote: str
    approved: str
    rule: str


class _Words(DataModel):
    draft: str
    reply: _ReplyWords
    person: str


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
    """The words to show beside a reply, in its language: what made it, and the way to a person."""
    words = _words(language_of(reply.text))
    if reply.decision == "hand_over":
        return words.reply.rule
    by_tier: dict[ReplyTier, str] = {
        "model": words.reply.model,
        "quote": words.reply.quote,
        "approved": words.reply.approved,
        "rule": words.reply.rule,
    }
    return words.person.format(label=by_tier[reply.tier])


def draft_is_ai(draft: Draft) -> bool:
    """Whether AI made the draft; a list of attributes is no such thing."""
    return draft.tier == "model"


def reply_is_ai(reply: Reply) -> bool:
    """Whether AI made the reply: a language model chose what it says."""
    return reply.decision != "hand_over" and reply.tier == "model"


def columns(label: str, metadata: Metadata) -> dict[str, Any]:
    """The columns that an output row gets."""
    return {"label": label, "ai": asdict(metadata)}


def file_metadata(responsible: str, content_id: str) -> str:
    """The value of the `AIGC` key in a file's metadata, in the form of GB 45438-2025."""
    # 1: it is AI-made (2 and 3 are for platforms that suspect so).
    elements = {"Label": "1", "ContentProducer": responsible, "ProduceID": content_id}
    return json.dumps(elements, ensure_ascii=False)


def metadata_of_rows(rows: Iterable[Mapping[str, Any]]) -> str | None:
    """`file_metadata` of a file of rows with these `columns`; None where AI made none of them."""
    made = [metadata for row in rows if (metadata := _generated(row.get("ai"))) is not None]
    if not made:
        return None
    named = "\0".join(str(metadata.get("content_id")) for metadata in made)
    content_id = hashlib.sha256(named.encode("utf-8", "replace")).hexdigest()[:_ID_SIZE]
    return file_metadata(str(made[-1].get("service_provider") or ""), content_id)


def _generated(cell: Any) -> Mapping[str, Any] | None:
    """The metadata in an `ai` cell that says that AI made the text."""
    # A workbook that is read back has it as JSON; a column of the user's may have the same name.
    if isinstance(cell, str):
        try:
            cell = json.loads(cell)
        except ValueError:
            return None
    return cell if isinstance(cell, Mapping) and cell.get("generated") is True else None


def _words(language: Language) -> _Words:
    labels = load(_Labels, "zhanggui", "labels.yaml")
    return labels.zh if language == "zh" else labels.en
