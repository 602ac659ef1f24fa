from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhanggui.llm.schema import minimal, misfit

_LEAVES = st.one_of(
    st.just({"type": "boolean"}),
    st.just({"type": "null"}),
    st.just({"type": ["string", "null"]}),
    st.builds(
        lambda low: {"type": "string", "minLength": low, "maxLength": low + 3}, st.integers(0, 9)
    ),
    st.builds(
        lambda low: {"type": "integer", "minimum": low, "maximum": low + 5}, st.integers(-50, 50)
    ),
    st.builds(lambda high: {"type": "number", "maximum": high}, st.integers(-50, 50)),
    st.builds(
        lambda values: {"enum": values}, st.lists(st.text(max_size=4), min_size=1, max_size=3)
    ),
    st.builds(lambda value: {"const": value}, st.integers()),
)


def _nested(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    arrays = st.builds(
        lambda items, low: {"type": "array", "items": items, "minItems": low, "maxItems": low + 1},
        inner,
        st.integers(0, 3),
    )
    objects = st.builds(
        lambda properties: {
            "type": "object",
            "properties": properties,
            "required": list(properties),
            "additionalProperties": False,
        },
        st.dictionaries(st.text(max_size=5), inner, max_size=3),
    )
    return (
        arrays
        | objects
        | st.builds(lambda choices: {"anyOf": choices}, st.lists(inner, min_size=1, max_size=3))
    )


@given(st.recursive(_LEAVES, _nested, max_leaves=8))
def test_the_minimal_value_fits_and_survives_json(schema: dict[str, Any]) -> None:
    value = json.loads(json.dumps(minimal(schema)))
    assert misfit(value, schema) is None


_PICK = {
    "type": "object",
    "properties": {
        "number": {"type": "integer", "minimum": 0, "maximum": 5},
        "words": {"type": "array", "items": {"$ref": "#/$defs/word"}, "maxItems": 2},
    },
    "required": ["number"],
    "additionalProperties": False,
    "$defs": {"word": {"type": "string", "minLength": 1}},
}


@pytest.mark.parametrize(
    ("value", "place"),
    [
        ([], "$: not of type"),
        ({}, "$.number: missing"),
        ({"number": True}, "$.number: not of type"),
        ({"number": 1.5}, "$.number: not of type"),
        ({"number": 9}, "$.number: too short, too long"),
        ({"number": 1, "more": 1}, "$.more: not allowed"),
        ({"number": 1, "words": ["好", ""]}, "$.words[1]: too short"),
        ({"number": 1, "words": ["好", "好", "好"]}, "$.words: 3 items"),
    ],
)
def test_a_misfit_names_the_place(value: Any, place: str) -> None:
    assert (misfit(value, _PICK) or "").startswith(place)


def test_what_fits_has_no_reason() -> None:
    assert misfit({"number": 5, "words": ["好"]}, _PICK) is None
    assert misfit("b", {"anyOf": [{"const": "a"}, {"enum": ["b"]}]}) is None
    assert misfit("c", {"anyOf": [{"const": "a"}, {"enum": ["b"]}]}) == "$: not the constant"
