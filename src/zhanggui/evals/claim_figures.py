"""How well verification tells planted errors from true copy, and how fast it is."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Literal

from zhanggui.claims.facts import facts_of
from zhanggui.claims.verify import verify
from zhanggui.descriptions.verdict import judged
from zhanggui.evals.figures import Figure
from zhanggui.records import Claim, Product
from zhanggui.text.datafile import DataModel, load

READ = ("a", "b", "c", "d", "e", "f", "g", "h", "i", "l", "m", "n")
"""Sets whose errors were read while the rules were written; the clause student learnt from them."""
HELD_BACK = ("j", "k")
"""Sets that nobody has read and nothing was learnt from: what new copy would meet."""
SETS = (*READ, *HELD_BACK)
_CAUGHT, _EXACT, _ALARMS, _SPEED = 0.95, 0.90, 0.05, 200.0
_WRONG = ("unsupported", "contradicted")
_MR = re.compile(r"([\w ]+)\[([^\]]*)\]")


class PlantedError(DataModel):
    """A draft with one error; `span` occurs once in `text`."""

    kind: str
    text: str
    span: str


class DraftCase(DataModel):
    """One product with copy that is true and copy that is not."""

    id: str
    title: str
    brand: str
    category: str
    price: str
    attributes: dict[str, str]
    clean: tuple[str, ...]
    bad: tuple[PlantedError, ...]

    @property
    def product(self) -> Product:
        """The product as the shop's data have it."""
        price = Decimal(self.price) if self.price else None
        return Product(
            id=self.id,
            title=self.title,
            brand=self.brand,
            category=self.category,
            price=price,
            attributes=self.attributes,
        )


class _DraftCases(DataModel):
    rows: tuple[DraftCase, ...]


@dataclass(slots=True)
class Tally:
    """What verification said of a set of drafts."""

    clean: int = 0
    doubted: int = 0
    """Clean drafts with a claim that was called wrong."""
    bad: int = 0
    caught: int = 0
    hit: int = 0
    """Bad drafts in which a wrong claim overlaps the planted span."""
    exact: int = 0
    alarms: list[str] = field(default_factory=list)
    """The doubted clean drafts."""

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.clean + other.clean,
            self.doubted + other.doubted,
            self.bad + other.bad,
            self.caught + other.caught,
            self.hit + other.hit,
            self.exact + other.exact,
            self.alarms + other.alarms,
        )


def cases(name: str) -> tuple[DraftCase, ...]:
    """The drafts of one set (`cases/drafts/NAME.yaml`)."""
    return load(_DraftCases, "zhanggui.evals", f"cases/drafts/{name}.yaml").rows


def tally(rows: Sequence[DraftCase]) -> Tally:
    """How verification judges `rows`."""
    total = Tally()
    for row in rows:
        facts = facts_of(row.product, price=True)
        for text in row.clean:
            wrong = [one for one in verify({"text": text}, facts) if one.status in _WRONG]
            total.clean += 1
            total.doubted += bool(wrong)
            total.alarms += [text] if wrong else []
        for error in row.bad:
            wrong = [one for one in verify({"text": error.text}, facts) if one.status in _WRONG]
            start = error.text.index(error.span)
            _count(total, wrong, start, start + len(error.span))
    return total


def _count(total: Tally, wrong: Sequence[Claim], start: int, end: int) -> None:
    total.bad += 1
    total.caught += bool(wrong)
    total.hit += any(one.start < end and start < one.end for one in wrong)
    total.exact += any((one.start, one.end) == (start, end) for one in wrong)


def figures(data: Path) -> list[Figure]:
    """Planted errors, speed, and the two outside checks."""
    tallies = {name: tally(cases(name)) for name in SETS}
    unseen = sum((tallies[name] for name in HELD_BACK), Tally())
    read = sum((tallies[name] for name in READ), Tally())
    found = [*_judged("held-back sets", unseen), *_judged("sets that were read", read)]
    for name, one in tallies.items():
        found += _judged(f"set {name}", one)
    found.append(_speed())
    matching = data / "ecominstruct_eval" / "zh_openbg_title_attribute_matching.dev.jsonl.gz"
    if matching.is_file():
        found.append(_matching(matching))
    restaurants = data / "e2e_clean" / "devel-fixed.no-ol.csv.gz"
    if restaurants.is_file():
        found += _restaurants(restaurants)
    return found


def _judged(name: str, one: Tally) -> Iterator[Figure]:
    clean, bad = f"n={one.clean} clean drafts", f"n={one.bad} drafts with one error"
    values: tuple[tuple[str, int, float, Literal["min", "max", ""], str], ...] = (
        ("bad drafts caught", one.caught, _CAUGHT, "min", bad),
        ("at the planted place", one.hit, 0.0, "", f"{bad}; a wrong claim overlaps it"),
        ("exact span", one.exact, _EXACT, "min", f"{bad}; to the character"),
        ("false alarms", one.doubted, _ALARMS, "max", clean),
    )
    for title, count, limit, side, note in values:
        share = count / max(1, one.clean if title == "false alarms" else one.bad)
        met = None if not side else share >= limit if side == "min" else share <= limit
        goal = {"min": f">= {limit}", "max": f"<= {limit}", "": ""}[side]
        yield Figure(f"{title}: {name}", share, goal, met, note)


def _speed() -> Figure:
    """Drafts a second on one core, facts, claims and law, as `verify` does."""
    rows = [row for name in SETS for row in cases(name)]
    drafts = [(row.product, text) for row in rows for text in row.clean]
    for product, text in drafts[:20]:
        judged(product, {"text": text}, facts_of(product))
    began = time.perf_counter()
    for product, text in drafts:
        judged(product, {"text": text}, facts_of(product))
    rate = len(drafts) / (time.perf_counter() - began)
    note = f"n={len(drafts)}, claims and law, one core; the goal is for two"
    return Figure("drafts verified a second", rate, f">= {_SPEED:.0f}", rate * 2 >= _SPEED, note)


def _matching(file: Path) -> Figure:
    """Whether a title and attributes belong to one product: no claim of the title is proved or
    one is contradicted."""
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    right = 0
    for row in rows:
        title, _, told = row["sentences"].partition(", Attritute: ")
        pairs = (part.split("#:#") for part in told.split("#;#"))
        attributes: dict[str, str] = {}
        for name, value in (pair for pair in pairs if len(pair) == 2):
            attributes[name] = f"{attributes[name]}、{value}" if name in attributes else value
        facts = facts_of(Product(id="x", title="", attributes=attributes))
        claims = verify({"text": title.removeprefix("Title: ")}, facts)
        proved = any(one.status == "supported" for one in claims)
        denied = any(one.status == "contradicted" for one in claims)
        right += (proved and not denied) == (row["labels"]["en"] == ["match"])
    note = f"n={len(rows)}; EcomInstruct title–attribute matching, no rule made for it"
    return Figure("outside check: title and attributes", right / len(rows), "", None, note)


def _restaurants(file: Path) -> list[Figure]:
    """Facts that E2E texts leave out or add, as the cleaned data say."""
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        rows = list(csv.DictReader(io.StringIO(lines.read())))
    left_out = [0, 0, 0]  # found, told of, there
    for row in rows:
        before, after = dict(_MR.findall(row["orig_mr"])), dict(_MR.findall(row["mr"]))
        before = {name.strip(): value for name, value in before.items()}
        after = {name.strip(): value for name, value in after.items()}
        facts = facts_of(Product(id="x", title="", attributes=before))
        claims = verify({"text": row["ref"]}, facts)
        said = {one.evidence.attribute for one in claims if one.evidence}
        missing, told = before.keys() - after.keys(), before.keys() - said
        left_out[0] += len(missing & told)
        left_out[1] += len(told)
        left_out[2] += len(missing)
    note = f"n={len(rows)}; E2E, restaurants, no rule made for it"
    return [
        Figure("outside check: omitted, recall", left_out[0] / left_out[2], "", None, note),
        Figure(
            "outside check: omitted facts, precision", left_out[0] / left_out[1], "", None, note
        ),
    ]
