"""Where English messages are routed before anything is looked up, on Bitext's intents."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Sequence
from pathlib import Path

from zhanggui.answers.screening import screen
from zhanggui.answers.understanding import understand
from zhanggui.evals.figures import Figure
from zhanggui.text.datafile import DataModel, load

FILE = "bitext_intent/bitext.dev.csv.gz"
ORDER, PERSON = "order", "person"
_EVERY = 20


class Routes(DataModel):
    """`cases/english_routes.yaml`: the places where a message of each intent belongs."""

    routes: dict[str, tuple[str, ...]]


def routes() -> Routes:
    """The routes that are right."""
    return load(Routes, "zhanggui.evals", "cases/english_routes.yaml")


def route_of(text: str) -> tuple[str, ...]:
    """`PERSON`, `ORDER`, or the matters that a message asks for; none where it is not read."""
    screened = screen(text)
    if screened is not None and not screened.unless_known:
        return (PERSON,)
    asked = understand(text)
    return (ORDER,) if asked.own_order else asked.facets


def figures(data: Path) -> list[Figure]:
    """The share of messages that go where they belong, and of those that are not read at all;
    none where the data lack the set."""
    if not (data / FILE).is_file():
        return []
    with gzip.open(data / FILE, "rt", encoding="utf-8", newline="") as lines:
        every = list(
            dict.fromkeys((row["utterance"], row["intent"]) for row in csv.DictReader(lines))
        )
    right = routes().routes
    rows = [(route_of(text), intent) for text, intent in every[::_EVERY] if intent in right]
    if not rows:
        return []
    note = f"n={len(rows)} English messages made from templates, {len(right)} intents (Bitext)"
    found = [
        Figure("English messages routed where they belong", _share(rows), "", None, note),
        Figure(
            "English messages that no rule reads",
            sum(not way for way, _ in rows) / len(rows),
            "",
            None,
            f"{note}; handed over unless the search finds an answer",
        ),
    ]
    for intent in right:
        held = [row for row in rows if row[1] == intent]
        if held:
            name = f"English messages routed: {intent}"
            found.append(Figure(name, _share(held), "", None, f"n={len(held)}"))
    return found


def _share(rows: Sequence[tuple[tuple[str, ...], str]]) -> float:
    right = routes().routes
    hit = sum(bool(way) and set(way) <= set(right[intent]) for way, intent in rows)
    return hit / len(rows)
