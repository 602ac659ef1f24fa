from __future__ import annotations

import re

import pytest

from zhanggui.answers.lexicon import Frames, any_of, facets, frames, screen_groups, words
from zhanggui.answers.promises import unlicensed


def test_every_matter_compiles_and_beats_known_ones() -> None:
    for entry in facets().values():
        assert entry.ask_pattern.pattern
        assert entry.about_pattern.pattern
        assert entry.id not in entry.beats


def test_names_are_plain_words_that_the_matter_recognises() -> None:
    weight = facets()["weight"]
    assert "净重" in weight.names
    assert all(weight.about_pattern.search(name) for name in weight.names if name in weight.about)


def test_broken_patterns_are_errors() -> None:
    with pytest.raises(re.error):
        any_of(["(unclosed"])


def test_words_of_one_group_mean_each_other() -> None:
    assert "邮费" in words().same["运费"]
    assert "运费" in words().same["邮费"]


def test_a_city_knows_what_includes_it() -> None:
    assert words().wider["杭州"][:2] == ("杭州", "江浙沪")
    assert "其他地区" in words().wider["杭州"]
    assert "其他地区" not in words().wider["新疆"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_frames_promise_nothing_and_hold_no_number(language: str) -> None:
    used: Frames = frames(language)  # type: ignore[arg-type]
    # A status is what the order's row says, in another language.
    for name, frame in used.model_dump(exclude={"vague", "statuses"}).items():
        bare = re.sub(r"\{\w+\}", "", frame)
        assert not re.search(r"\d", bare), name
        assert unlicensed(bare, "") == "", name


def test_screen_groups_have_reasons() -> None:
    assert all(group.reason and group.patterns for group in screen_groups())
    assert len({group.name for group in screen_groups()}) == len(screen_groups())
