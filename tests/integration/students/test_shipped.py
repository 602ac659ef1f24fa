from __future__ import annotations

from importlib.resources import files

from zhanggui.reviews.reading import shipped_polarity


def test_the_shipped_student_is_whole_small_and_has_a_card() -> None:
    folder = files("zhanggui.students") / "shipped" / "polarity"
    names = {entry.name for entry in folder.iterdir()}
    assert names == {"card.md", "config.json", "weights.safetensors"}
    assert len((folder / "weights.safetensors").read_bytes()) < 5_000_000
    card = (folder / "card.md").read_text(encoding="utf-8")
    for word in ("MIT", "Cleaning", "Figures", "Limits"):
        assert word in card


def test_the_shipped_student_knows_good_from_bad() -> None:
    student = shipped_polarity()
    assert student.labels == ("negative", "positive")
    assert student.predict(["质量很好，非常满意", "质量太差，退货"])[0] == ["positive", "negative"]
