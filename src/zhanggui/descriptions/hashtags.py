"""Hashtags at the end of a body, each one proved: what the thing is, its material, its look."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from zhanggui.descriptions.brief import Brief
from zhanggui.descriptions.frames import topic
from zhanggui.descriptions.phrases import attributive, parted
from zhanggui.descriptions.proof import Proof
from zhanggui.descriptions.scenes import leaf, names_of
from zhanggui.records import Copy, Fact
from zhanggui.text.language import Language

_LINE = re.compile(r"(?:^|\s+|(?<=[。.！？!?]))(#[^\s#]+(?: #[^\s#]+)*)\s*$")
_TAG = {
    "zh": re.compile(r"(?=.*[\u3400-\u9fff].)[\u3400-\u9fffA-Z0-9]{2,10}$"),
    "en": re.compile(r"[a-z][a-z0-9]{2,19}$"),
}
_COLOUR = re.compile(r"[颜配花]色|色号|\bcolou?rs?\b", re.IGNORECASE)
_MATERIAL = re.compile(
    r"^(?:材质|材料|主材|面料|内胆|[杯壶锅]身|主体|车架|面板)|^material$|^fabric$", re.IGNORECASE
)
_WORDS = re.compile(r"[/>|、,，]")


def tagged(copy: Copy, task: Brief, proof: Proof) -> Copy:
    """`copy` with as many hashtags as the channel wants and the body has room for; those that
    stand there already stay as they are."""
    channel = task.channel
    if not channel.hashtags or not copy.body or _LINE.search(copy.body):
        return copy
    line = ""
    for tag in dict.fromkeys(_candidates(task)):
        longer = f"{line} #{tag}".strip()
        fits = len(copy.body) + 1 + len(longer) <= channel.body.limit
        if longer.count("#") <= channel.hashtags and fits and proof.sound(longer):
            line = longer
    return replace(copy, body=f"{copy.body}\n{line}") if line else copy


def split(body: str) -> tuple[str, str]:
    """`body` without its hashtags, and the line of them."""
    found = _LINE.search(body)
    return (body[: found.start()], found[1]) if found else (body, "")


def _candidates(task: Brief) -> Iterator[str]:
    """What a buyer searches for, from the data alone; the kind of goods first."""
    product, language = task.product, task.language
    kinds = (leaf(product), *names_of(product, language), *_WORDS.split(product.category))
    told = (_said(fact, language) for fact in task.facts)
    for words in (*kinds[:2], *told, *kinds[2:]):
        tag = words.strip() if language == "zh" else re.sub(r"[\W_]", "", words.lower())
        if _TAG[language].match(tag):
            yield tag


def _said(fact: Fact, language: Language) -> str:
    """A material or a look in one word: 316不锈钢, 缎纹织法; `` for anything else."""
    about, value = topic(fact, language), parted(fact.value)[0]
    if about == "look" and not _COLOUR.search(fact.attribute):
        return attributive(fact.attribute, value)
    return value if about == "material" and _MATERIAL.search(fact.attribute) else ""
