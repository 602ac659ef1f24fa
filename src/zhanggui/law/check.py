"""Texts against the rulebook, in context: 最后一件 and 最高温度60℃ are lawful."""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterator, Mapping

from zhanggui.law.disguise import plain
from zhanggui.law.implied import implied
from zhanggui.law.rulebook import Context, Rule, RuleSet, rulebook
from zhanggui.records import Violation
from zhanggui.text.normalise import Normalised

_BREAK = re.compile(r"[,。!?;\n]")
_STOP = re.compile(r"[。!?;\n]|\.\s")

_FAR = 500
"""Characters to either side in which a context is looked for."""

Hit = tuple[int, int, Rule]


def check(parts: Mapping[str, str], category: str, known: str = "") -> tuple[Violation, ...]:
    """What `parts` (name → text) of a product of `category` say against the law, in order.

    `category` is free text (`食品/零食`, `护肤`); where it is empty, the text itself says what it
    is (这款面霜…).
    `known` is what else is known of the product, its attributes: a licence that stands there
    (国妆特字, 国食健注, 专利号) makes lawful what it licenses.
    `part_text[violation.start:violation.end] == violation.text`.
    """
    book = rulebook()
    texts = {part: plain(text) for part, text in parts.items()}
    whole = "\n".join(text.text for text in texts.values())
    groups = book.groups(category) if category.strip() else book.groups_named(whole)
    rules = book.rules_for(groups)
    held = book.licences(f"{whole}\n{plain(known).text}")
    further = implied([text.text for text in texts.values()], rules.rules)
    return tuple(
        _violation(part, parts[part], normal, hit)
        for (part, normal), open_words in zip(texts.items(), further, strict=True)
        for hit in _apart(list(_hits(normal.text, rules, held)), open_words)
    )


def _violation(part: str, text: str, normal: Normalised, hit: Hit) -> Violation:
    start, end = normal.span(hit[0], hit[1])
    rule = hit[2]
    why = f"{rule.why}（{rule.article}）；{rule.safe}"
    return Violation(part=part, rule=rule.id, text=text[start:end], start=start, end=end, why=why)


def _apart(found: list[Hit], further: list[Hit]) -> list[Hit]:
    """The hits that overlap no longer one, and `further` ones beside them, in order."""
    taken: list[Hit] = []
    starts: list[int] = []
    for hit in (*sorted(found, key=_rank), *further):
        # Those taken do not overlap, so only the two neighbours can.
        place = bisect(starts, hit[0])
        clear = place == len(taken) or hit[1] <= taken[place][0]
        if clear and (place == 0 or taken[place - 1][1] <= hit[0]):
            taken.insert(place, hit)
            starts.insert(place, hit[0])
    return taken


def _rank(hit: Hit) -> tuple[int, bool, int]:
    # The longest first; of two that are as long, the one that is for this kind of goods.
    start, end, rule = hit
    return start - end, not rule.only_for, start


def _hits(text: str, rules: RuleSet, held: frozenset[str]) -> Iterator[Hit]:
    lawful: dict[str, list[tuple[int, int]]] = {}
    for pattern, rule in rules.candidates(text):
        if rule.unless & held:
            continue
        for match in pattern.finditer(text):
            start, end = match.span()
            if rule.id not in lawful:
                found = rule.lawful.finditer(text) if rule.lawful else ()
                lawful[rule.id] = [one.span() for one in found]
            spans = lawful[rule.id]
            place = bisect(spans, (end - 1, len(text)))
            # They do not overlap, so only the last one that begins before `end` can.
            if place and spans[place - 1][1] > start:
                continue
            if not any(_holds(context, text, start, end) for context in rule.contexts):
                yield start, end, rule


def _holds(context: Context, text: str, start: int, end: int) -> bool:
    """Whether `context` makes what stands at `start:end` lawful."""
    begin, stop = _around(context.within, text, start, end)
    # What stands in the match itself is no context of it.
    if context.before and context.before.search(text[begin:start]):
        return True
    if context.after and context.after.search(text[end:stop]):
        return True
    return bool(context.anywhere and context.anywhere.search(text[begin:stop]))


def _around(within: str, text: str, start: int, end: int) -> tuple[int, int]:
    # What stands further away says nothing of it, and a text may be as long as a book.
    first, last = max(0, start - _FAR), min(len(text), end + _FAR)
    if within == "text":
        return first, last
    edge = _BREAK if within == "clause" else _STOP
    begin = first
    for mark in edge.finditer(text, first, start):
        begin = mark.end()
    stop = edge.search(text, end, last)
    return begin, stop.start() if stop else last
