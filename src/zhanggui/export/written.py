"""The copy that goes out: which draft of a product, whether its proof still holds, as a cell."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from zhanggui.descriptions.review import basis, review, told
from zhanggui.guard.products import trusted
from zhanggui.ingest.platforms import Format, Role
from zhanggui.ingest.spec_tables import spec_attributes, without_words
from zhanggui.labels import draft_label
from zhanggui.records import Draft, DraftState, Product, RowFault
from zhanggui.settings import PLAIN, Wording
from zhanggui.store import drafts
from zhanggui.store.drafts import Version

CHANNELS: dict[Format, str] = {
    "generic": "generic",
    "shopify": "shopify",
    "woocommerce": "generic",
    "taobao": "taobao",
}
"""Whose copy goes into a format; no channel of ours is made for WooCommerce."""

_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_WAITING: tuple[DraftState, ...] = ("needs_review",)


@dataclass(frozen=True, slots=True)
class Written:
    """A draft with its AI label; both are empty where no AI wrote it."""

    draft: Draft
    label: str = ""
    """The words that people see."""
    aigc: str = ""
    """The label for machines, in the form of GB 45438-2025."""


def written_copy(
    conn: Connection,
    products: Sequence[Product],
    channel: str,
    aigc: Callable[[Draft], str],
    *,
    wording: Wording = PLAIN,
    include_drafts: bool = False,
) -> tuple[dict[str, Written], list[RowFault]]:
    """The copy that may go out, by product, and what was left out for which reason.

    `aigc` gives a draft's label for machines; `wording` is what the shop asks of its texts.
    """
    live = live_versions(conn, channel, include_drafts=include_drafts)
    withdrawn = _withdrawn(conn, channel)
    found: dict[str, Written] = {}
    faults: list[RowFault] = []
    for product in products:
        version = live.get(product.id)
        if version is None:
            if product.id in withdrawn:
                faults.append(RowFault(product.id, 0, withdrawn[product.id]))
            continue
        draft = version.draft
        if why := doubt(version, product, wording):
            faults.append(RowFault(product.id, 0, why))
        else:
            found[product.id] = Written(draft, draft_label(draft), aigc(draft))
    return found, faults


def _withdrawn(conn: Connection, channel: str) -> dict[str, str]:
    """Products whose approved copy waits for a person again, and why."""
    waiting = [
        version
        for version in drafts.find(conn, states=_WAITING, channel=channel)
        if drafts.last_approved(conn, version.id) is not None
    ]
    last = drafts.reasons(conn, waiting)
    found: dict[str, str] = {}
    for version in waiting:
        draft = version.draft
        why = [told(one, draft.body) for one in last[version.id, version.number].reasons]
        found[draft.product_id] = f"its copy waits for review: {'; '.join(why)}"
    return found


def live_versions(
    conn: Connection, channel: str, *, include_drafts: bool = False
) -> dict[str, Version]:
    """The version of each product that is published, else approved.

    `include_drafts` takes publishable ones that nobody has approved too, where there is no other.
    """
    found = drafts.live(conn, channel)
    if include_drafts:
        for version in drafts.every(conn, channel):
            if version.draft.publishable:
                found.setdefault(version.draft.product_id, version)
    return found


def doubt(version: Version, product: Product, wording: Wording) -> str:
    """Why a version may not go out as things stand now; empty if it may.

    Attributes, the law, the shop's wording and the channel's forms change after an approval.
    """
    draft = version.draft
    same = version.grounds.basis == basis(product)
    seen = review(draft, trusted(product), same_facts=same, wording=wording)
    if seen.publishable:
        return ""
    why = "; ".join(told(one, draft.body) for one in seen.reasons)
    return f"its copy does not pass any more, edit it or describe it again: {why}"


def cells_of(
    written: Written, *, as_html: bool, before: str, titles: bool, attributes: Mapping[str, str]
) -> dict[Role, str]:
    """What each column of copy gets; `before` is the description that stood there.

    `attributes` are told in a table at the end of HTML, for formats without columns for them.
    """
    copy = written.draft.copy
    text = html_of(written, before, attributes) if as_html else text_of(written)
    if not copy.bullets and not copy.body:
        # A title alone takes nobody's description away.
        text = ""
    cells: dict[Role, str] = {
        "description": text,
        "selling_point": copy.selling_point,
        "seo_title": copy.seo_title,
        "seo_description": copy.seo_description,
    }
    if titles:
        cells["title"] = copy.title
    return {role: value for role, value in cells.items() if value} | {"aigc": written.aigc}


def text_of(written: Written) -> str:
    """Bullets, body and label as plain text."""
    copy = written.draft.copy
    parts = [*(f"· {bullet}" for bullet in copy.bullets), copy.body, written.label]
    return "\n".join(part for part in parts if part)


def html_of(written: Written, before: str = "", attributes: Mapping[str, str] | None = None) -> str:
    """Bullets, body and label as HTML; tables, pictures and films of `before` stay below."""
    copy = written.draft.copy
    items = "".join(f"<li>{_safe(bullet)}</li>" for bullet in copy.bullets)
    words = f"<ul>{items}</ul>" if items else ""
    words += _paragraphs(copy.body)
    if written.label:
        words += f"<p><small>{_safe(written.label)}</small></p>"
    if written.aigc:
        words = f'<div data-aigc="{html.escape(written.aigc)}">{words}</div>'
    kept = without_words(before)
    return words + kept + spec_table(attributes or {}, kept)


def standing_html(before: str, attributes: Mapping[str, str]) -> str:
    """The description of a product without copy of ours, in HTML, with its attributes."""
    told = before if holds_html(before) else _paragraphs(before)
    return told + spec_table(attributes, told)


def spec_table(attributes: Mapping[str, str], told: str) -> str:
    """The attributes that the HTML `told` does not hold in a table, as one."""
    known = dict(spec_attributes(told))
    rows = "".join(
        f"<tr><th>{_safe(name)}</th><td>{_safe(value)}</td></tr>"
        for name, value in attributes.items()
        if name not in known
    )
    return f"<table><tbody>{rows}</tbody></table>" if rows else ""


def holds_html(text: str) -> bool:
    """Whether a description is HTML."""
    return _TAG.search(text) is not None


def _paragraphs(text: str) -> str:
    lines = (line.strip() for line in text.splitlines())
    return "".join(f"<p>{_safe(line)}</p>" for line in lines if line)


def _safe(text: str) -> str:
    return html.escape(text, quote=False)
