"""Reads reviews with the students: polarity and opinions, in chunks.

The functions on chunks are module-level with picklable arguments, so that a batch runner can
send `read_chunk_with` to other processes; each process loads its students once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from itertools import islice
from pathlib import Path

from zhanggui.errors import InputError, InputNotFound
from zhanggui.records import Opinion, Reading, Review
from zhanggui.reviews.learnt_opinions import LearntOpinions
from zhanggui.reviews.opinions import read_opinions
from zhanggui.reviews.polarity import PolarityReader
from zhanggui.students.linear_text import LinearText

CHUNK = 512
"""Reviews read at once; the students work on whole chunks."""

POLARITY, OPINIONS = "polarity", "opinions"
"""The folders of the two tasks inside a `--students` folder."""


@dataclass(frozen=True, slots=True)
class Students:
    """What reads reviews: learnt students where the folder has them, else the shipped ones."""

    polarity: PolarityReader
    opinions: LearntOpinions | None
    """None: the shipped rules."""

    def opinions_of(self, texts: Sequence[str]) -> list[tuple[Opinion, ...]]:
        """The opinions of each text."""
        if self.opinions is not None:
            return self.opinions.read(texts)
        return [read_opinions(text) for text in texts]


def load_students(folder: Path | None = None) -> Students:
    """The students in `folder`, as `students learn` wrote them; the shipped ones fill the gaps.

    Raises InputNotFound if `folder` does not exist and InputError if what it holds is broken.
    """
    if folder is not None and not folder.is_dir():
        raise InputNotFound(f"there is no folder {folder} with students")
    try:
        return Students(_polarity(folder), _opinions(folder))
    except (ValueError, KeyError, OSError) as error:
        raise InputError(f"the students in {folder} cannot be read: {error}") from error


def shipped_polarity() -> LinearText:
    """The polarity student that comes with the package."""
    with as_file(files("zhanggui.students") / "shipped" / POLARITY) as folder:
        return LinearText.load(folder)


def _polarity(folder: Path | None) -> PolarityReader:
    if folder is not None and (folder / POLARITY).is_dir():
        return PolarityReader(LinearText.load(folder / POLARITY), learnt=True)
    return PolarityReader(shipped_polarity(), learnt=False)


def _opinions(folder: Path | None) -> LearntOpinions | None:
    if folder is not None and (folder / OPINIONS).is_dir():
        return LearntOpinions.load(folder / OPINIONS)
    return None


def read(reviews: Iterable[Review], students: Students) -> Iterator[Reading]:
    """One reading for each review, in order; memory does not grow with their number.

    Suspicious reviews are marked apart (`suspicious.Suspicion`): that needs all of them.
    """
    iterator = iter(reviews)
    while chunk := list(islice(iterator, CHUNK)):
        yield from read_chunk(chunk, students)


def read_chunk(reviews: Sequence[Review], students: Students) -> list[Reading]:
    """The readings of one chunk."""
    texts = [review.content for review in reviews]
    opinions = students.opinions_of(texts)
    ratings = [review.rating for review in reviews]
    scores = students.polarity.scores(texts, opinions, ratings)
    return [
        Reading(
            id=review.id,
            polarity=students.polarity.polarity(score),
            score=score,
            opinions=said,
        )
        for review, score, said in zip(reviews, scores, opinions, strict=True)
    ]


def read_chunk_with(folder: Path | None, reviews: Sequence[Review]) -> list[Reading]:
    """`read_chunk` for a worker process, which loads the students of `folder` once."""
    return read_chunk(reviews, _students_of_worker(folder))


@cache
def _students_of_worker(folder: Path | None) -> Students:
    return load_students(folder)
