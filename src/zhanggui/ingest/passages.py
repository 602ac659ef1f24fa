"""What of an import can be quoted."""

from __future__ import annotations

from collections.abc import Iterator

from zhanggui.ingest.report import Content
from zhanggui.knowledge.attributes import passages_of_product
from zhanggui.knowledge.faq import passages_of_faq
from zhanggui.knowledge.naming import ProductNames
from zhanggui.knowledge.outline import passages_of_document
from zhanggui.records import Passage


def passages_by_file(content: Content, names: ProductNames) -> Iterator[tuple[str, list[Passage]]]:
    """The passages of each file; none for a file that is gone."""
    for file, rows in content.products.items():
        yield file, [one for row in rows for one in passages_of_product(row, file)]
    for file, answers in content.faq.items():
        yield file, passages_of_faq(answers, file)
    for document in content.documents:
        yield document.name, passages_of_document(document.name, document.document, names)
    for file in content.gone:
        yield file, []
