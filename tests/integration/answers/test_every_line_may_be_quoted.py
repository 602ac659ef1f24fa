"""What the shop itself wrote may be quoted, whatever it promises."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from zhanggui.answers.composition import compose
from zhanggui.answers.grounding import fault
from zhanggui.answers.lexicon import frames
from zhanggui.evals.shops import made_up_shop, shop_names
from zhanggui.knowledge.outline import passages_of_markdown
from zhanggui.text.language import Language

EXAMPLE = Path(__file__).parents[3] / "examples" / "shop" / "knowledge"


def pages() -> Iterator[tuple[str, str]]:
    for file in sorted(EXAMPLE.glob("*.md")):
        yield file.name, file.read_text(encoding="utf-8")
    for name in shop_names():
        yield from made_up_shop(name).knowledge.items()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_line_may_be_quoted(language: Language) -> None:
    for name, text in pages():
        for passage in passages_of_markdown(name, text):
            composed = compose([passage], frames(language))
            assert fault(composed.text, composed.citations, [passage]) == "", composed.text
