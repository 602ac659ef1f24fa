from __future__ import annotations

from zhanggui.batch.texts import RedactStage
from zhanggui.ingest.readers import TextRow
from zhanggui.ingest.source import Sourced


def test_personal_data_in_columns_that_are_not_ours_goes_too() -> None:
    others = {
        "phone": 19900001234,
        "meta": {"mobile": "19900001234", "size": 42},
        "chat": ["我叫王小明，电话19900001234", "好的"],
        "ok": True,
        "price": 12.5,
    }
    row = Sourced(record=TextRow(id="1", text="你好"), line=1, others=others)
    (written,) = RedactStage().open()([row])
    assert "19900001234" not in str(written)
    assert "王小明" not in str(written)
    assert written["meta"]["size"] == 42
    assert (written["chat"][1], written["ok"], written["price"]) == ("好的", True, 12.5)
