"""The quick way of spelling and reading small JSON is that of ``json``, to the byte."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jobdesk.cases.ops import Kind
from jobdesk.cases.spelling import reader, speller

PLAIN = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=12,
)
spell, read = speller(), reader(json.JSONDecoder())


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(VALUES)
def test_spelled_and_read_as_json_does(value: object) -> None:
    text = PLAIN.encode(value)
    assert spell(value) == text
    assert read(text) == json.loads(text) == read(f" {text}\n")


def test_a_word_of_a_list_of_words_is_spelled_as_a_word() -> None:
    assert spell([Kind.OPENED, {"kind": Kind.ERASED}]) == '["Opened",{"kind":"Erased"}]'


@pytest.mark.parametrize("wrong", ["", "{", "[1,]", "[1] 2", '"a', "nul"])
def test_what_is_no_json_is_none(wrong: str) -> None:
    with pytest.raises(ValueError):
        read(wrong)


def test_what_json_does_not_know_is_refused() -> None:
    with pytest.raises(TypeError):
        spell({"a": b"bytes"})
    with pytest.raises(ValueError):
        spell([float("nan")])
