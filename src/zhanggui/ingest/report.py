"""What an import read, changed and skipped, and what it hands on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from zhanggui.knowledge.parts import Document
from zhanggui.records import FaqRow, Product, RowFault
from zhanggui.store.changes import Changes


@dataclass(slots=True)
class FileReport:
    """One file of the shop folder."""

    name: str
    """Relative to the folder, with `/`."""
    noun: str
    """`products`, `orders`, `faq`, `reviews`, `tickets` or `knowledge`."""
    encoding: str = ""
    """Empty for a file that is gone."""
    read: int = 0
    """Rows that could be used; for a document 1."""
    added: int = 0
    changed: int = 0
    same: int = 0
    removed: int = 0
    skipped: int = 0
    """Rows at fault, and rows that repeat one before them word for word."""
    faults: list[RowFault] = field(default_factory=list)
    erased: int = 0
    """Rows left out because their customer was erased."""
    gone: bool = False
    """The file was imported before and has left the folder."""

    def count(self, changes: Changes) -> None:
        """Takes over what the store says of this file's rows or passages."""
        self.added, self.changed = changes.added, changes.changed
        self.same, self.removed = changes.same, changes.removed

    def __str__(self) -> str:
        if self.gone:
            return f"{self.name}: gone, {self.removed} removed"
        figures = (
            f"{getattr(self, name)} {name}"
            for name in ("read", "added", "changed", "same", "removed", "skipped")
        )
        left_out = f", {self.erased} of erased customers left out" if self.erased else ""
        return f"{self.name} ({self.encoding}): {', '.join(figures)}{left_out}"


@dataclass(frozen=True, slots=True)
class ImportedDocument:
    """One document of `knowledge/`, personal data replaced."""

    name: str
    """`knowledge/退换货.md`."""
    document: Document


@dataclass(slots=True)
class Content:
    """What passages are made of. A noun whose file was not in the folder is left as it is."""

    products: dict[str, list[Product]] = field(default_factory=dict)
    """By file."""
    faq: dict[str, list[FaqRow]] = field(default_factory=dict)
    """By file, personal data replaced."""
    documents: list[ImportedDocument] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    """Files whose passages must go."""


@dataclass(slots=True)
class ImportReport:
    """All files of one import. `print(report)` shows it."""

    files: list[FileReport] = field(default_factory=list)
    content: Content = field(default_factory=Content)
    ignored: list[str] = field(default_factory=list)
    """Files in the folder that an import does not use."""
    drafts_checked: int = 0
    """Drafts whose product changed or is gone, looked at again."""
    drafts_affected: int = 0
    """Of these, those that no longer hold and wait for a person now."""
    stale_replies: int = 0
    """Stored replies that stand on passages which this import changed or removed."""
    answers_stale: int = 0
    """Accepted staff answers that no longer speak, since what they lean on changed."""

    @property
    def faults(self) -> list[RowFault]:
        """All rows that could not be used."""
        return [fault for file in self.files for fault in file.faults]

    def note(self, name: str, changes: Changes) -> None:
        """Takes over what became of the passages of the FAQ or document `name`."""
        for file in self.files:
            if file.name == name and file.noun in ("faq", "knowledge"):
                file.count(changes)

    def __str__(self) -> str:
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        yield from map(str, self.files)
        yield from (f"{name}: not used" for name in self.ignored)
        yield from map(str, self.faults)
        if self.stale_replies:
            yield f"{self.stale_replies} replies stand on passages that changed"
