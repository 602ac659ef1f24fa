"""Drafts of the queue on a terminal, and as rows for machines."""

from __future__ import annotations

from typing import Any

from rich.table import Table
from rich.text import Text

from zhanggui.cli.options import out_console
from zhanggui.descriptions.rows import draft_row
from zhanggui.records import ClaimStatus, DraftState
from zhanggui.review_queue.views import Dossier, Leaning, Past
from zhanggui.store.drafts import Version
from zhanggui.text.difference import difference

_CLAIM: dict[ClaimStatus, str] = {
    "supported": "green",
    "opinion": "",
    "unsupported": "bold yellow",
    "contradicted": "bold red",
}
_STATE: dict[DraftState, str] = {
    "draft": "cyan",
    "needs_review": "yellow",
    "approved": "green",
    "published": "bold green",
    "rejected": "red",
    "replaced": "dim",
}
_MINUTE = "%Y-%m-%d %H:%M"


def draft_table(last: str) -> Table:
    """A table of drafts whose last column is called `last`."""
    table = Table(box=None, pad_edge=False, header_style="dim")
    for name in ("draft", "version", "state", "since"):
        table.add_column(name, no_wrap=True)
    table.add_column(last, overflow="fold")
    return table


def draft_cells(version: Version, *, live: bool) -> tuple[Text, Text, Text, Text]:
    """The columns of a draft; `live` marks what an export takes."""
    state = version.draft.state
    told = Text(f"{state}, live" if live else state, _STATE[state])
    since = version.since.astimezone().strftime(_MINUTE)
    return Text(version.id), Text(str(version.number)), told, Text(since)


def print_dossier(found: Dossier) -> None:
    """The text with its proof, why it stands where it stands, what changed, and its history."""
    one = found.version
    state = one.draft.state
    told = f"{state}, live" if found.live else state
    head = Text.assemble((one.id, "bold"), f"  version {one.number}  ", (told, _STATE[state]))
    out_console.print(head)
    out_console.print()
    for part in one.draft.copy.parts():
        _print(Text.assemble((f"{part}  ", "dim"), _marked(part, one)))
    _print_claims(found)
    print_reasons(found)
    if found.approved is not None:
        _print_changes(found.approved, one)
    _heading("history")
    for step in found.past:
        _print(Text(f"  {_step(step)}"))


def print_reasons(found: Dossier) -> None:
    """Why the draft stands where it stands."""
    if found.reasons:
        _heading("why")
    for reason in found.reasons:
        _print(Text(f"  {reason}"))


def print_repairs(found: Dossier) -> None:
    """What could stand in place of contradicted spans."""
    claims = found.version.draft.verdict.claims
    repairs = [(one, found.better.get((one.part, one.start, one.end))) for one in claims]
    if any(better for _, better in repairs):
        _heading("could be")
    for claim, better in repairs:
        if better:
            _print(Text(f"  {claim.part}: {claim.text} → {better}"))


def version_row(version: Version) -> dict[str, Any]:
    """A version without its text."""
    return {
        "id": version.id,
        "version": version.number,
        "product_id": version.draft.product_id,
        "channel": version.draft.channel,
        "state": version.draft.state,
        "since": version.since.isoformat(),
    }


def leaning_row(found: Leaning) -> dict[str, Any]:
    """A version with the spans that lean on an attribute."""
    spans = [
        {"part": claim.part, "text": claim.text, "start": claim.start, "end": claim.end}
        for claim in found.claims
    ]
    return version_row(found.version) | {"live": found.live, "claims": spans}


def dossier_row(found: Dossier) -> dict[str, Any]:
    """All about a version; `approved` is the text that was let out last, if it is another one."""
    approved = found.approved
    past = [
        {
            "version": step.version,
            "state": step.state,
            "kind": step.kind,
            "at": step.at.isoformat(),
            "by": step.by,
            "reasons": list(step.reasons),
        }
        for step in found.past
    ]
    before = None
    if approved is not None:
        before = {"version": approved.number, **approved.draft.copy.parts()}
    return {
        **draft_row(found.version.draft, found.better),
        **version_row(found.version),
        "live": found.live,
        "reasons": list(found.reasons),
        "approved": before,
        "steps": past,
    }


def _print(line: Text) -> None:
    # Rich would break Chinese lines at any word of letters in them.
    out_console.print(line, soft_wrap=True)


def _heading(name: str) -> None:
    out_console.print()
    out_console.print(name, style="dim")


def _marked(part: str, version: Version) -> Text:
    shown = Text(version.draft.copy.parts()[part])
    verdict = version.draft.verdict
    for claim in verdict.claims:
        if claim.part == part and _CLAIM[claim.status]:
            shown.stylize(_CLAIM[claim.status], claim.start, claim.end)
    for violation in verdict.violations:
        if violation.part == part:
            shown.stylize("bold red underline", violation.start, violation.end)
    return shown


def _print_claims(found: Dossier) -> None:
    table = Table(box=None, pad_edge=False, header_style="dim")
    for name in ("claim", "status", "by the fact", "could be"):
        table.add_column(name, overflow="fold")
    for claim in found.version.draft.verdict.claims:
        if claim.status == "opinion":
            continue
        fact = f"{claim.evidence.attribute}: {claim.evidence.value}" if claim.evidence else ""
        better = found.better.get((claim.part, claim.start, claim.end), "")
        status = Text(claim.status, _CLAIM[claim.status])
        table.add_row(Text(claim.text), status, Text(fact), Text(better))
    if table.row_count:
        out_console.print()
        out_console.print(table)


def _print_changes(before: Version, now: Version) -> None:
    old, new = before.draft.copy.parts(), now.draft.copy.parts()
    _heading(f"against version {before.number}, which was let out")
    changed = [name for name in dict.fromkeys((*old, *new)) if old.get(name) != new.get(name)]
    for part in changed:
        told = _difference(old.get(part, ""), new.get(part, ""))
        _print(Text.assemble((f"  {part}  ", "dim"), told))
    if not changed:
        out_console.print("  the same words")


def _difference(left: str, right: str) -> Text:
    """Both texts in one: [-gone-] and {+new+}, so that it can be read without colours."""
    shown = Text()
    for kind, piece in difference(left, right):
        if kind == "same":
            shown.append(piece)
        elif kind == "gone":
            shown.append(f"[-{piece}-]", "red")
        else:
            shown.append(f"{{+{piece}+}}", "green")
    return shown


def _step(step: Past) -> str:
    at = step.at.astimezone().strftime(_MINUTE)
    more = f" (+{len(step.reasons) - 1})" if len(step.reasons) > 1 else ""
    why = f": {step.reasons[0]}{more}" if step.reasons else ""
    return f"{at}  version {step.version} {step.state} by {step.by} ({step.kind}){why}"
