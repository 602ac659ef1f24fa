"""The ids of the rows that a file already holds, for a resume without a ledger."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path

from zhanggui.errors import InputError
from zhanggui.ingest.formulas import restore_cell


def written_ids(rows_file: Path) -> Iterator[str]:
    """The `id` of each row, in order.

    `rows_file` is the `path` of an open RowWriter, so every row in it is whole: CSV, or JSON
    lines (`.jsonl`, and the journal of a workbook). Raises InputError if a row has no id.
    """
    try:
        if rows_file.suffix.lower() == ".csv":
            with rows_file.open(encoding="utf-8-sig", newline="") as file:
                for row in csv.DictReader(file):
                    yield restore_cell(row["id"])
        else:
            with rows_file.open(encoding="utf-8", newline="\n") as file:
                for line in file:
                    yield str(json.loads(line)["id"])
    except (KeyError, ValueError, TypeError) as error:
        raise InputError(
            f"{rows_file.name} cannot be resumed, it is not an output of this command: "
            "give another --out, or --force to replace it."
        ) from error
