"""What an export changes in a file: cells by line and column, and columns that are new."""

from __future__ import annotations

from collections.abc import Mapping

Edits = Mapping[int, Mapping[str, str]]
"""Line (in a workbook, row) to column to the new content of that cell."""
NewColumns = Mapping[str, tuple[str, ...]]
"""A column that the file lacks, and what its headers say (淘宝 has two)."""
