"""The files of `knowledge/`: documents of each format, tables of questions, and other tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

from zhanggui.errors import InputError
from zhanggui.ingest import values
from zhanggui.ingest.columns import ColumnMapping, assign, columns_of
from zhanggui.ingest.encodings import TextFile
from zhanggui.ingest.readers import sourced
from zhanggui.ingest.source import Sourced
from zhanggui.ingest.tables import Table
from zhanggui.knowledge.docx import read_docx
from zhanggui.knowledge.html import read_html
from zhanggui.knowledge.markdown import read_markdown
from zhanggui.knowledge.parts import Document, dated, table
from zhanggui.knowledge.pdf import read_pdf
from zhanggui.records import FaqRow, RowFault

T = TypeVar("T")

_TEXTS: dict[str, Callable[[str], Document]] = {
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".txt": read_markdown,
    ".html": read_html,
    ".htm": read_html,
}
_BINARIES: dict[str, Callable[[bytes], Document]] = {".docx": read_docx, ".pdf": read_pdf}
_TABLES = (".csv", ".tsv", ".xlsx", ".jsonl")

SUFFIXES = (*_TEXTS, *_BINARIES, *_TABLES)
"""The names of what can be read end in one of these."""


@dataclass(slots=True)
class KnowledgeFile:
    """One file of `knowledge/` as it was read: a document, or rows of questions and answers."""

    encoding: str = ""
    document: Document | None = None
    questions: list[Sourced[FaqRow]] | None = None
    faults: list[RowFault] = field(default_factory=list)


def is_readable(path: Path) -> bool:
    """Whether the name is that of a document or a table."""
    return path.suffix.lower() in SUFFIXES


def read_knowledge(path: Path, name: str, mapping: ColumnMapping | None) -> KnowledgeFile:
    """Reads one file; one that cannot be read is a fault with its reason and holds nothing."""
    try:
        if path.suffix.lower() in _TABLES:
            return _table(path, name, mapping)
        document, encoding = _document(path)
        if not document.parts:
            raise ValueError("it holds no text")
        return KnowledgeFile(encoding, document)
    except _BrokenLine as error:
        return KnowledgeFile(faults=[RowFault(name, error.number, str(error))])
    except ValueError as error:
        return KnowledgeFile(faults=[RowFault(name, 0, str(error))])
    except RecursionError:
        return KnowledgeFile(faults=[RowFault(name, 0, "it is nested too deeply to be read")])
    except InputError as error:
        return KnowledgeFile(faults=[RowFault(name, 0, str(error).removesuffix("."))])


class _BrokenLine(ValueError):
    def __init__(self, number: int) -> None:
        super().__init__("the line cannot be decoded: save the file as UTF-8")
        self.number = number


def _document(path: Path) -> tuple[Document, str]:
    suffix = path.suffix.lower()
    if suffix in _BINARIES:
        return _BINARIES[suffix](path.read_bytes()), suffix[1:].upper()
    file = TextFile(path)
    lines = list(file.lines())
    broken = next((line.number for line in lines if not line.whole), None)
    if broken is not None:
        raise _BrokenLine(broken)
    text = "".join(line.text for line in lines).replace("\r\n", "\n")
    return _TEXTS[suffix](text), file.encoding


def _table(path: Path, name: str, mapping: ColumnMapping | None) -> KnowledgeFile:
    rows = Table(path)
    wanted = columns_of("faq").required
    found = KnowledgeFile(rows.encoding)
    if rows.names_vary or set(wanted) <= set(assign("faq", rows.columns, mapping).fields):
        source = sourced(FaqRow, path, mapping)
        found.questions = list(_good(source, name, found.faults))
        if not found.questions and not found.faults:
            raise ValueError("it holds no text")
    else:
        lines = [
            [values.text_of(value) for value in row.values.values()]
            for row in _good(rows, name, found.faults)
        ]
        found.document = dated(list(table([rows.columns, *lines], header=True)))
        if all(part.kind == "header" for part in found.document.parts) and not found.faults:
            raise ValueError("it holds no text")
    found.encoding = rows.encoding
    return found


def _good(rows: Iterable[T | RowFault], name: str, faults: list[RowFault]) -> Iterator[T]:
    """The rows without the faults, which are named after the file's path in the folder."""
    for row in rows:
        if isinstance(row, RowFault):
            faults.append(replace(row, file=name))
        else:
            yield row
