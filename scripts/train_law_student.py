"""Trains the two students of the advertising law that are shipped in the package.

    python scripts/train_law_student.py

They learn from `law_texts`, sentences that we wrote: unlawful ones in words that no list holds, and
lawful ones with the listed words. What the house
says of the example shop is lawful too.
"""

from __future__ import annotations

import csv
import random
import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

from zhanggui.claims.facts import facts_of
from zhanggui.descriptions.frames import framed
from zhanggui.law.disguise import plain
from zhanggui.law.implied import LAWFUL, UNLAWFUL
from zhanggui.law.rulebook import rulebook
from zhanggui.records import Product
from zhanggui.students.hashing import HashSpec
from zhanggui.students.linear_text import LinearText
from zhanggui.text.language import language_of

_HERE = Path(__file__).parent
_SHOP = _HERE.parent / "examples/shop"
_FRAMES = _HERE.parent / "src/zhanggui/descriptions/frames"
_TARGET = _HERE.parent / "src/zhanggui/students/shipped"
_SPEC = HashSpec(ngrams=3, bits=18)
_KIND_SPEC = HashSpec(ngrams=3, bits=13)
_STRENGTH = 1.0
_FORMS = 3
# Scenes open every body that the house writes: each counts as several sentences.
_SCENES = 4
_SENTENCE = re.compile(r"[^。！？\n]{6,}")


class Group(BaseModel):
    """Sentences of one kind; `kind` is the id of the rule that the bad ones break."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: str
    things: tuple[str, ...]
    bad: tuple[str, ...]
    good: tuple[str, ...]

    def rows(self, source: random.Random) -> Iterator[tuple[str, str]]:
        """(text, label): each sentence in as many forms as it has things, three at most."""
        for label, templates in ((self.kind, self.bad), (LAWFUL, self.good)):
            for template in templates:
                things = self.things if "{thing}" in template else ("",)
                for thing in source.sample(things, min(_FORMS, len(things))):
                    yield plain(template.replace("{thing}", thing)).text, label


def groups() -> list[Group]:
    """All groups of `law_texts`; raises ValueError where a kind is no rule."""
    files = sorted((_HERE / "law_texts").glob("*.yaml"))
    found = [
        Group.model_validate(one)
        for file in files
        for one in yaml.safe_load(file.read_text(encoding="utf-8"))
    ]
    unknown = {one.kind for one in found if one.bad} - {rule.id for rule in rulebook().rules}
    if unknown:
        raise ValueError(f"law_texts names rules that are not there: {sorted(unknown)}")
    return found


def ordinary() -> Iterator[str]:
    """Lawful sentences of the house: frames filled with the example shop, scenes, policies."""
    with (_SHOP / "products.csv").open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            pairs = [pair.partition(":") for pair in row["attributes"].split(";")]
            product = Product(
                id=row["id"],
                title=row["title"],
                category=row["category"],
                brand=row["brand"],
                attributes={name: value for name, _, value in pairs},
            )
            yield row["title"]
            for fact in facts_of(product)[: len(pairs)]:
                for place in ("bullet", "body"):
                    lines = list(framed(fact, language_of(fact.value), place, 0))
                    yield from (line for _, line in lines[:3])
    for file_name in sorted(_FRAMES.glob("*.yaml")):
        frames = yaml.safe_load(file_name.read_text(encoding="utf-8"))
        for scene in frames["scenes"]:
            yield from scene["lines"] * _SCENES
    for file_name in sorted((_SHOP / "knowledge").glob("*.md")):
        yield from _SENTENCE.findall(file_name.read_text(encoding="utf-8"))


def main() -> None:
    """Trains and saves both students."""
    source = random.Random(0)
    rows = [row for group in groups() for row in group.rows(source)]
    rows += [(plain(text).text, LAWFUL) for text in ordinary()]
    _fit(rows, _SPEC, "law", lambda label: LAWFUL if label == LAWFUL else UNLAWFUL)
    _fit([row for row in rows if row[1] != LAWFUL], _KIND_SPEC, "law_kind", lambda label: label)


def _fit(
    rows: list[tuple[str, str]], spec: HashSpec, name: str, named: Callable[[str], str]
) -> None:
    labels = [named(label) for _, label in rows]
    # What stands in one sentence only says more of its subject than of the law.
    student = LinearText.train(
        [text for text, _ in rows],
        labels,
        spec=spec,
        strength=_STRENGTH,
        min_count=2,
        calibrated=False,
    )
    student.save(_TARGET / name)
    print(f"{name}: {Counter(labels)}")  # noqa: T201


if __name__ == "__main__":
    main()
