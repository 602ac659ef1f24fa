"""The suites of figures: what `zhanggui evals run` can measure."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from zhanggui.errors import InputError, InputNotFound
from zhanggui.evals import (
    answer_figures,
    bias_power,
    claim_figures,
    guard,
    law_figures,
    pii,
    review_figures,
    stereotype_figures,
)
from zhanggui.evals.figures import Figure

Measure = Callable[[Path], list[Figure]]

DATA = "ZHANGGUI_DATA"
"""The environment variable that names the folder of the public data sets."""

SUITES: Mapping[str, Sequence[Measure]] = {
    "trust": (pii.figures, guard.figures, bias_power.figures, stereotype_figures.figures),
    "reviews": (review_figures.figures,),
    "descriptions": (claim_figures.figures, law_figures.figures),
    "answers": (answer_figures.figures,),
}


def run(suite: str, data: Path | None = None) -> list[Figure]:
    """The figures of a suite on the public data in `data` (default: what ZHANGGUI_DATA names).

    Raises InputError for a suite that is not there, InputNotFound where the data are missing.
    """
    if suite not in SUITES:
        raise InputError(f"There is no suite {suite!r}: choose one of {', '.join(SUITES)}.")
    folder = public_data(data)
    return [figure for measure in SUITES[suite] for figure in measure(folder)]


def public_data(given: Path | None = None) -> Path:
    """The folder of the public data sets; raises InputNotFound."""
    folder = given or Path(os.environ.get(DATA, ""))
    if not (given or os.environ.get(DATA)) or not folder.is_dir():
        raise InputNotFound(
            f"The public data sets are needed: let {DATA} name their folder, or give --data."
        )
    return folder
