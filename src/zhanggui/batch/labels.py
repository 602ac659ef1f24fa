"""Labels of a file, learnt from: `students learn`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Literal

from zhanggui.ingest.readers import LabelRow, sourced
from zhanggui.records import RowFault
from zhanggui.reviews.learning import LearnReport, learn_opinions, learn_polarity
from zhanggui.reviews.rows import PolarityLabel, opinions_label

Task = Literal["polarity", "opinions"]


def learn_file(task: Task, path: Path, out: Path) -> tuple[LearnReport, tuple[RowFault, ...]]:
    """Teaches a student from the labels in `path`; it is saved in the folder `out`.

    Raises InputError if there are too few labels for `task`.
    """
    faults: list[RowFault] = []
    rows = list(_labels(path, task, faults))
    if task == "polarity":
        known = [PolarityLabel(row.content, row.polarity) for row in rows if row.polarity]
        return learn_polarity(known, out), tuple(faults)
    # Records hold tuples, label rows lists.
    marked = [asdict(row) | {"opinions": [asdict(o) for o in row.opinions or ()]} for row in rows]
    return learn_opinions([opinions_label(row) for row in marked], out), tuple(faults)


def _labels(path: Path, task: Task, faults: list[RowFault]) -> Iterator[LabelRow]:
    for row in sourced(LabelRow, path):
        if isinstance(row, RowFault):
            faults.append(row)
        elif (row.record.polarity if task == "polarity" else row.record.opinions) is None:
            faults.append(RowFault(path.name, row.line, f"the row has no {task}"))
        else:
            yield row.record
