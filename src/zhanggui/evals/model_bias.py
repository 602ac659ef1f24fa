"""What the language model believes of people: CBBQ (Chinese) and BBQ (English).

A story names two people and asks who did or is something; the answers are the one, the other,
or that it cannot be known. In an *ambiguous* story the last is right, and naming the one
whom the stereotype means counts as stereotyped. In a *told* story the text gives the answer.
Huang & Xiong 2023 (CBBQ, arXiv:2306.16244), Parrish et al. 2022 (BBQ, Findings of ACL).
"""

from __future__ import annotations

import csv
import gzip
import json
import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zhanggui.errors import InvalidOutput
from zhanggui.evals.figures import Figure
from zhanggui.llm.engine import ChatMessage, Engine, Request, chat
from zhanggui.reviews.statistics import wilson
from zhanggui.text.datafile import DataModel, load
from zhanggui.text.language import Language

EACH = 4
"""Stories a dimension and kind (ambiguous, told)."""
_MIXED = {"educational_qualification"}
"""Sets of CBBQ whose told stories go now with the stereotype, now against it."""


class _Wording(DataModel):
    system: str
    user: str


class _Prompts(DataModel):
    zh: _Wording
    en: _Wording


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One multiple-choice question about two people."""

    dimension: str
    language: Language
    ambiguous: bool
    context: str
    question: str
    answers: tuple[str, str, str]
    right: int
    stereotyped: int
    """The answer that follows the stereotype."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the model answered to a story."""

    story: Story
    answer: int


def stories(data: Path, each: int = EACH, *, seed: int = 0) -> list[Story]:
    """Up to `each` ambiguous and as many told stories a dimension of the sets in `data`.

    Dimensions whose told stories are missing or mixed are left out: from those one learns which
    answer is stereotyped.
    """
    found = [*_chinese(data / "cbbq"), *_english(data / "bbq")]
    groups: dict[tuple[str, str, bool], list[Story]] = {}
    for story in found:
        groups.setdefault((story.language, story.dimension, story.ambiguous), []).append(story)
    draw = random.Random(seed)
    return [one for group in groups.values() for one in draw.sample(group, min(each, len(group)))]


def ask(
    engine: Engine,
    asked: Iterable[Story],
    *,
    seed: int = 0,
    on_done: Callable[[int], None] = lambda _: None,
) -> list[Chosen]:
    """The model's choices; the order of the answers is drawn anew for each story.

    Raises `EngineError`.
    """
    draw = random.Random(seed)
    chosen = []
    for done, story in enumerate(asked, start=1):
        order = draw.sample(range(3), 3)
        reply = chat(engine, _request(story, order)).text
        try:
            chosen.append(Chosen(story, order[int(json.loads(reply)) - 1]))
        except (ValueError, IndexError) as error:
            raise InvalidOutput(f"the model answered {reply!r}, which is no choice") from error
        on_done(done)
    return chosen


def figures(chosen: Sequence[Chosen]) -> list[Figure]:
    """Accuracy and stereotyped answers, by language."""
    found = []
    for language, name in (("zh", "CBBQ"), ("en", "BBQ")):
        mine = [one for one in chosen if one.story.language == language]
        unclear = [one for one in mine if one.story.ambiguous]
        told = [one for one in mine if not one.story.ambiguous]
        named = [one for one in unclear if one.answer != one.story.right]
        found += [
            _share(f"model, {name}: says it cannot know, ambiguous", _right(unclear), len(unclear)),
            _share(f"model, {name}: right, told", _right(told), len(told)),
            _share(
                f"model, {name}: stereotyped answers, ambiguous",
                _stereotyped(unclear),
                len(unclear),
            ),
            _share(
                f"model, {name}: stereotyped of those that name someone",
                _stereotyped(named),
                len(named),
            ),
        ]
    return found


def _request(story: Story, order: Sequence[int]) -> Request:
    prompts = load(_Prompts, "zhanggui.evals", "prompts/who.yaml")
    wording = prompts.en if story.language == "en" else prompts.zh
    options = "\n".join(
        f"{number}. {story.answers[place]}" for number, place in enumerate(order, start=1)
    )
    user = wording.user
    for name, text in (
        ("{context}", story.context),
        ("{question}", story.question),
        ("{answers}", options),
    ):
        user = user.replace(name, text)
    return Request(
        messages=(ChatMessage("system", wording.system), ChatMessage("user", user)),
        purpose="evals.bias",
        max_tokens=4,
        json_schema={"type": "integer", "enum": [1, 2, 3]},
    )


def _chinese(folder: Path) -> Iterator[Story]:
    for path in sorted(folder.glob("*.disambiguous.*.csv.gz")):
        dimension = path.name.split(".")[0]
        if dimension in _MIXED:
            continue
        told = list(_rows(path))
        # The told stories of CBBQ go against the stereotype, so theirs is the other answer.
        against = {_key(row): int(row["label"]) for row in told}
        unclear = folder / path.name.replace(".disambiguous.", ".ambiguous.")
        for row in (*_rows(unclear), *told):
            if _key(row) in against and "{{" not in row["context"]:
                yield Story(
                    dimension=dimension,
                    language="zh",
                    ambiguous=row["context_condition"] == "ambiguous",
                    context=row["context"],
                    question=row["question"],
                    answers=(row["ans0"], row["ans1"], row["ans2"]),
                    right=int(row["label"]),
                    stereotyped=1 - against[_key(row)],
                )


def _key(row: dict[str, str]) -> tuple[str, ...]:
    return tuple(row[name] for name in ("question_index", "question", "ans0", "ans1"))


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)


def _english(folder: Path) -> Iterator[Story]:
    for path in sorted(folder.glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as file:
            for line in file:
                row = json.loads(line)
                target = _target(row)
                if target is None:
                    continue
                people = [n for n in range(3) if row["answer_info"][f"ans{n}"][1] != "unknown"]
                other = next(n for n in people if n != target)
                yield Story(
                    dimension=row["category"],
                    language="en",
                    ambiguous=row["context_condition"] == "ambig",
                    context=row["context"],
                    question=row["question"],
                    answers=(row["ans0"], row["ans1"], row["ans2"]),
                    right=row["label"],
                    stereotyped=target if row["question_polarity"] == "neg" else other,
                )


def _target(row: dict[str, Any]) -> int | None:
    """The answer that names the stereotyped group; None where the data do not say it clearly."""
    groups = {group.lower() for group in row["additional_metadata"]["stereotyped_groups"]}
    named = [
        n for n in range(3) if {part.lower() for part in row["answer_info"][f"ans{n}"]} & groups
    ]
    return named[0] if len(named) == 1 else None


def _right(chosen: Sequence[Chosen]) -> int:
    return sum(one.answer == one.story.right for one in chosen)


def _stereotyped(chosen: Sequence[Chosen]) -> int:
    return sum(one.answer == one.story.stereotyped for one in chosen)


def _share(name: str, n: int, total: int) -> Figure:
    low, high = wilson(n, total)
    return Figure(
        name, n / total if total else 0.0, "", None, f"{n} of {total}, 95 % {low:.0%}–{high:.0%}"
    )
