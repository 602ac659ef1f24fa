from __future__ import annotations

from review_maker import apart, told

from zhanggui.reviews.suspicious import Suspicion, mark_all

_LONG = "这款保温杯做工精细，装热水放一晚上还烫嘴，颜色也正，给爸妈各买了一个"


def _reasons(contents: list[str]) -> list[str]:
    pairs = [told(i, text) for i, text in enumerate(contents)]
    return [one.suspicious_reason for one in mark_all(*apart(pairs))]


def test_the_second_copy_is_marked_and_the_first_is_not() -> None:
    first, second, other = _reasons(
        [_LONG, f"  {_LONG}！！😊", "今天下雨，快递小哥还是准时送到楼下了"]
    )
    assert first == other == ""
    assert second == "与另外 1 条评论内容相同"


def test_an_almost_equal_copy_is_marked() -> None:
    long = _LONG + "，同事看到了也要链接，准备双十一再囤几个送人，客服回复也很耐心"
    # Signatures meet with a probability: of many near copies most are found.
    copies = [long, *(long + extra for extra in "甲乙丙丁戊己庚辛壬癸")]
    reasons = _reasons(copies)
    assert reasons[0] == ""
    assert sum("几乎相同" in reason for reason in reasons) >= 5


def test_different_reviews_are_left_alone() -> None:
    assert _reasons(["质量很好，很喜欢", "质量很好，很喜欢", "好评", "好评", "", ""]) == [""] * 6


def test_template_text_names_the_phrase() -> None:
    (reason,) = _reasons(["东西不错，写几句换积分"])
    assert "换积分" in reason


def test_a_burst_of_empty_praise() -> None:
    quiet = [told(i, "好", polarity="positive", day=i * 5) for i in range(10)]
    burst = [told(50 + i, "好", polarity="positive", day=20) for i in range(12)]
    marked = mark_all(*apart(quiet + burst))
    assert sum(one.suspicious for one in marked) == 13
    assert "13 条没有具体内容的好评" in marked[-1].suspicious_reason
    blame = [told(50 + i, "差", polarity="negative", day=20) for i in range(12)]
    assert not any(one.suspicious for one in mark_all(*apart(quiet + blame)))


def test_chunks_give_the_same_marks() -> None:
    pairs = [told(i, text) for i, text in enumerate([_LONG, "好", _LONG + "。", _LONG, "换积分"])]
    suspicion = Suspicion()
    for pair in pairs:
        suspicion.add(*apart([pair]))
    in_chunks = [one for pair in pairs for one in suspicion.mark(*apart([pair]))]
    assert in_chunks == mark_all(*apart(pairs))
    suspicion_of_none = Suspicion()
    suspicion_of_none.add([], [])
    assert list(suspicion_of_none.mark([], [])) == []
