from __future__ import annotations

from zhanggui.claims.lexicon import Lexicon, lexicon

SMALL = Lexicon(
    [
        ("material", True, "金属"),
        ("material", True, "不锈钢 | stainless steel > 金属"),
        ("material", True, "304不锈钢 > 不锈钢"),
        ("material", True, "棉"),
        ("audience", True, "婴儿 | ~宝宝"),
        ("neutral", False, "棉花糖"),
    ]
)


def names(text: str) -> list[str]:
    return [span.term.name for span in SMALL.find(text)]


def test_the_longest_word_wins() -> None:
    assert names("304不锈钢和stainless steel") == ["304不锈钢", "不锈钢"]


def test_broader_terms_follow_all_the_way() -> None:
    assert SMALL.broader("304不锈钢") == {"304不锈钢", "不锈钢", "金属"}
    assert SMALL.broader("nothing") == {"nothing"}


def test_a_single_character_must_stand_alone() -> None:
    assert names("棉95%") == ["棉"]
    assert names("海棉垫") == []


def test_neutral_words_hide_what_they_contain() -> None:
    assert names("棉花糖") == []


def test_latin_words_are_whole_words() -> None:
    assert names("stainless steels") == []


def test_soft_words_say_so() -> None:
    assert [span.term.soft for span in SMALL.find("宝宝和婴儿")] == [True, False]


def test_every_parent_in_the_word_lists_is_known() -> None:
    found = lexicon()
    for name in ("304不锈钢", "头层牛皮", "广州", "幼犬", "防水"):
        assert all(found.kind(parent) or parent in {"肤质"} for parent in found.broader(name))


def test_the_look_of_a_material_is_no_material() -> None:
    found = {
        span.term.name for text in ("榉木纹电木", "麦饭石色煎锅") for span in lexicon().find(text)
    }
    assert not found & {"榉木", "麦饭石"}
