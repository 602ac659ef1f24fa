"""Fixed words around quotes. Code copies the quotes; nothing here words a fact."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from zhanggui.answers.lexicon import Frames
from zhanggui.answers.scope import refuses
from zhanggui.knowledge.attributes import name_and_value
from zhanggui.knowledge.markdown import plain
from zhanggui.knowledge.parts import CELLS, PATH
from zhanggui.records import Citation, Passage, Sentence


@dataclass(frozen=True, slots=True)
class Composed:
    """A reply's sentences with the passages they were made of."""

    sentences: tuple[Sentence, ...]
    passages: tuple[Passage, ...]
    """The one that each sentence quotes."""

    @property
    def text(self) -> str:
        return "".join(sentence.text for sentence in self.sentences)

    @property
    def citations(self) -> tuple[Citation, ...]:
        return tuple(chain.from_iterable(sentence.citations for sentence in self.sentences))


def compose(passages: Sequence[Passage], frames: Frames, *, named: bool = False) -> Composed:
    """One sentence a passage; the first greets and, if `named`, says of which product it is."""
    sentences: list[Sentence] = []
    for position, passage in enumerate(passages):
        text, citation = _sentence(passage, frames, first=position == 0, named=named)
        sentences.append(Sentence(f" {text}" if position else text, (citation,)))
    return Composed(tuple(sentences), tuple(passages))


def is_row(passage: Passage) -> bool:
    """Whether the passage is a row of a table, with the header row as the end of its heading."""
    return CELLS in passage.heading.split(PATH)[-1] and CELLS in passage.text


def _sentence(
    passage: Passage, frames: Frames, *, first: bool, named: bool
) -> tuple[str, Citation]:
    if passage.kind == "attribute":
        name, value = name_and_value(passage)
        whole = frames.attribute_of if named else frames.attribute
        frame = whole if first else frames.attribute_more
        text = frame.format(name=name, value=value.rstrip("。."), title=passage.heading)
        return text, Citation(passage.source, value)
    words = _spoken(passage)
    if passage.question:
        text = frames.answer.format(text=words) if first and not _greets(words) else words
        return text, Citation(passage.source, passage.text)
    topic = _topic(passage)
    if not first:
        apart = refuses(passage) and not is_row(passage)
        text = frames.exception.format(text=words) if apart else words
    elif topic and topic not in frames.vague:
        text = frames.policy.format(topic=topic, text=words)
    else:
        text = frames.policy_plain.format(text=words)
    return text, Citation(passage.source, passage.text)


def _spoken(passage: Passage) -> str:
    """The passage's words without marks, a list item behind its lead, a row with its header."""
    path = passage.heading.split(PATH)
    if is_row(passage):
        cells = zip(path[-1].split(CELLS), plain(passage.text).split(CELLS), strict=False)
        return "，".join(f"{head}：{cell}" for head, cell in cells if cell) + "。"
    lead = path[-1] if path[-1].endswith(("：", ":")) else ""
    return _ended(lead + plain(passage.text))


def _topic(passage: Passage) -> str:
    titles = [part for part in passage.heading.split(PATH) if part and CELLS not in part]
    return next((part for part in reversed(titles) if not part.endswith(("：", ":"))), "")


def _ended(text: str) -> str:
    closed = text.endswith(tuple("。！？；.!?;”\"')）"))
    return text if closed else f"{text}。" if any("\u3400" <= c <= "\u9fff" for c in text) else text


def _greets(text: str) -> bool:
    return text.startswith(("您好", "你好", "亲", "Hello", "Hi"))
